"""Branches, services, rooms, devices and skills as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from blueprints.catalog.errors import UnknownOption
from blueprints.catalog.rules import HolidayRule
from shopbell.i18n import gettext as _
from shopbell.money import Money


@dataclass(frozen=True)
class BranchView:
    """A branch. `name` and `address` map a locale to a text; a branch that is not `is_open` takes no bookings.

    Minutes, days, `phone` and `currency` are what holds there on a day, wherever it is said: see queries.settled.
    """

    id: UUID
    slug: str
    name: dict[str, str]
    address: dict[str, str]
    phone: str
    time_zone: str
    latitude: float | None
    longitude: float | None
    is_open: bool
    slot_minutes: int
    lead_minutes: int
    horizon_days: int
    cancel_deadline_minutes: int
    position: int
    vip_phone: str
    holiday_calendar: str
    holiday_hours: str
    makeup_hours: str
    door_code: str
    region_id: UUID | None = None
    currency: str = ""
    ever: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What the branch's own columns say, by name: older than anything else that is said of it."""

    @property
    def holidays(self) -> HolidayRule:
        return HolidayRule(self.holiday_calendar, self.holiday_hours, self.makeup_hours)


@dataclass(frozen=True)
class RegionView:
    """A region of the chain with the number of its branches."""

    id: UUID
    name: dict[str, str]
    branches: int


@dataclass(frozen=True)
class OptionView:
    """A variant or an add-on (`kind`) of a service; `step_minutes` maps a step's position to minutes added."""

    id: UUID
    kind: str
    name: dict[str, str]
    price_minor: int
    step_minutes: dict[str, int]
    position: int
    active: bool


@dataclass(frozen=True)
class StepView:
    """A step of a service. Without a skill it needs nobody; without a type it needs no room or no device.

    With an `option_id` it takes part only when that option is chosen. See models.ServiceStep for the rest.
    """

    position: int
    name: dict[str, str]
    minutes: int
    skill_id: UUID | None
    room_type: str | None
    device_type: str | None
    option_id: UUID | None = None
    role: str = "main"
    level: int = 1
    room_count: int = 1
    device_count: int = 1
    wait_minutes: int = 0


@dataclass(frozen=True)
class ServiceView:
    """A service with its steps in order. A retired one is not `active`: old bookings still name it.

    `steps` holds the steps of all options too; `process` says which of them a choice of options comes to.
    """

    id: UUID
    slug: str
    name: dict[str, str]
    description: dict[str, str]
    category_name: dict[str, str]
    price_minor: int
    currency: str
    position: int
    active: bool
    buffer_before_minutes: int
    buffer_after_minutes: int
    needs_approval: bool
    steps: tuple[StepView, ...]
    options: tuple[OptionView, ...] = ()

    @property
    def variants(self) -> tuple[OptionView, ...]:
        return tuple(option for option in self.options if option.kind == "variant" and option.active)

    @property
    def addons(self) -> tuple[OptionView, ...]:
        return tuple(option for option in self.options if option.kind == "addon" and option.active)

    def chosen(self, option_ids: Iterable[UUID]) -> tuple[OptionView, ...]:
        """The options with these ids, and the first variant when none of them is one. Raises UnknownOption."""
        known = {option.id: option for option in self.options}
        wanted = set(option_ids)
        if not wanted <= known.keys():
            raise UnknownOption
        found = [option for option in self.options if option.id in wanted]
        if sum(option.kind == "variant" for option in found) > 1:
            raise UnknownOption(_("Choose one of the variants."))
        if self.variants and not any(option.kind == "variant" for option in found):
            found.insert(0, self.variants[0])
        return tuple(found)

    def process(self, options: Sequence[OptionView] = ()) -> tuple[StepView, ...]:
        """The steps that a visit with these options goes through, with their minutes; those of none drop out."""
        ids = {option.id for option in options}
        found = []
        for step in self.steps:
            if step.option_id is None or step.option_id in ids:
                more = sum(option.step_minutes.get(str(step.position), 0) for option in options)
                found.append(replace(step, minutes=step.minutes + more))
        return tuple(step for step in found if step.minutes > 0)

    def price_with(self, options: Sequence[OptionView]) -> int:
        return max(0, self.price_minor + sum(option.price_minor for option in options))

    @property
    def category(self) -> str:
        """What services of one group have in common, whatever language is read."""
        return self.category_name.get("en") or next(iter(self.category_name.values()), "")

    @property
    def minutes(self) -> int:
        """With the first variant and no add-on."""
        return sum(step.minutes for step in self.process(self.chosen(())))

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @cached_property
    def levels(self) -> dict[UUID, int]:
        """How well the person who gives the main steps must have which skill."""
        found: dict[UUID, int] = {}
        for step in self.steps:
            if step.skill_id and step.role == "main" and not step.option_id:
                found[step.skill_id] = max(found.get(step.skill_id, 1), step.level)
        return found

    def fits(self, levels: Mapping[UUID, int]) -> bool:
        """Whether somebody with these skill levels can give the main steps."""
        return all(levels.get(skill, 0) >= level for skill, level in self.levels.items())

    @property
    def skill_ids(self) -> frozenset[UUID]:
        """The skills that the person who gives the main steps needs, whatever is chosen besides."""
        return frozenset(
            step.skill_id for step in self.steps if step.skill_id and step.role == "main" and not step.option_id
        )


@dataclass(frozen=True)
class ResourceView:
    """A room or a device (`kind`); `resource_id` is the number its time is allocated under."""

    id: UUID
    resource_id: int
    kind: str
    type: str
    name: str
    active: bool


@dataclass(frozen=True)
class SkillView:
    id: UUID
    key: str
    name: dict[str, str]


@dataclass(frozen=True)
class TermsView:
    """How a branch or a person differs in a service: offered or not, how long, at what price (None: the usual).

    A branch's price is in its own currency.
    """

    offered: bool
    minutes_percent: int
    price_minor: int | None


USUAL = TermsView(True, 100, None)
