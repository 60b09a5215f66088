"""Branches, services, rooms, devices and skills as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from blueprints.catalog.errors import UnknownBranch, UnknownOption, UnknownService
from blueprints.catalog.models import (
    Branch,
    BranchService,
    Resource,
    Service,
    ServiceOption,
    ServiceStep,
    Skill,
)
from shopbell.i18n import gettext as _
from shopbell.money import Money


@dataclass(frozen=True)
class BranchView:
    """A branch. `name` and `address` map a locale to a text; a branch that is not `is_open` takes no bookings."""

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

    @property
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


Selected = Select[*tuple[Any, ...]]

BRANCH: tuple[Any, ...] = (
    Branch.id,
    Branch.slug,
    Branch.name,
    Branch.address,
    Branch.phone,
    Branch.time_zone,
    Branch.latitude,
    Branch.longitude,
    Branch.is_open,
    Branch.slot_minutes,
    Branch.lead_minutes,
    Branch.horizon_days,
    Branch.cancel_deadline_minutes,
    Branch.position,
    Branch.vip_phone,
    Branch.holiday_calendar,
    Branch.holiday_hours,
    Branch.makeup_hours,
    Branch.door_code,
)
SERVICE: tuple[Any, ...] = (
    Service.id,
    Service.slug,
    Service.name,
    Service.description,
    Service.category,
    Service.price_minor,
    Service.currency,
    Service.position,
    Service.active,
    Service.buffer_before_minutes,
    Service.buffer_after_minutes,
    Service.needs_approval,
)
STEP: tuple[Any, ...] = (
    ServiceStep.position,
    ServiceStep.name,
    ServiceStep.minutes,
    ServiceStep.skill_id,
    ServiceStep.room_type,
    ServiceStep.device_type,
    ServiceStep.option_id,
    ServiceStep.role,
    ServiceStep.level,
    ServiceStep.room_count,
    ServiceStep.device_count,
    ServiceStep.wait_minutes,
)
OPTION: tuple[Any, ...] = (
    ServiceOption.id,
    ServiceOption.kind,
    ServiceOption.name,
    ServiceOption.price_minor,
    ServiceOption.step_minutes,
    ServiceOption.position,
    ServiceOption.active,
)


def branches(session: Session) -> list[BranchView]:
    """All branches in the chain's order, closed ones too."""
    rows = session.execute(select(*BRANCH).order_by(Branch.position, Branch.slug))
    return [BranchView(*row) for row in rows]


def branch(session: Session, branch_id: UUID) -> BranchView:
    """Raises UnknownBranch."""
    return _one_branch(session, select(*BRANCH).where(Branch.id == branch_id))


def branch_by_slug(session: Session, slug: str) -> BranchView:
    """Raises UnknownBranch."""
    return _one_branch(session, select(*BRANCH).where(Branch.slug == slug))


def _one_branch(session: Session, statement: Selected) -> BranchView:
    row = session.execute(statement).first()
    if row is None:
        raise UnknownBranch
    return BranchView(*row)


def services(session: Session, *, active_only: bool = True) -> list[ServiceView]:
    """Services in the chain's order, with their steps."""
    statement = select(*SERVICE, *STEP).order_by(Service.position, Service.slug, ServiceStep.position)
    if active_only:
        statement = statement.where(Service.active)
    return _with_steps(session, statement)


def service(session: Session, service_id: UUID) -> ServiceView:
    """A service, retired or not. Raises UnknownService."""
    statement = select(*SERVICE, *STEP).where(Service.id == service_id).order_by(ServiceStep.position)
    found = _with_steps(session, statement)
    if not found:
        raise UnknownService
    return found[0]


def _with_steps(session: Session, statement: Selected) -> list[ServiceView]:
    """One row per step (or one without) becomes one service per id, in the order of the rows."""
    rows: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(statement.outerjoin_from(Service, ServiceStep)):
        rows[row[0]].append(row)
    options = _options(session, list(rows))
    width = len(SERVICE)
    result = []
    for service_id, found in rows.items():
        steps = tuple(StepView(*row[width:]) for row in found if row[width] is not None)
        result.append(ServiceView(*(*found[0][:width], steps, tuple(options[service_id]))))
    return result


def _options(session: Session, service_ids: list[UUID]) -> dict[UUID, list[OptionView]]:
    found: dict[UUID, list[OptionView]] = defaultdict(list)
    statement = select(ServiceOption.service_id, *OPTION).order_by(ServiceOption.position, ServiceOption.id)
    for service_id, *values in session.execute(statement.where(ServiceOption.service_id.in_(service_ids))):
        found[service_id].append(OptionView(*values))
    return found


@dataclass(frozen=True)
class TermsView:
    """How a branch or a person differs in a service: offered or not, how long, at what price (None: the usual)."""

    offered: bool
    minutes_percent: int
    price_minor: int | None


USUAL = TermsView(True, 100, None)


def branch_terms(session: Session, branch_id: UUID) -> dict[UUID, TermsView]:
    """Where the branch differs, by service."""
    return branch_terms_of(session, [branch_id])[branch_id]


def branch_terms_of(session: Session, branch_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, TermsView]]:
    """Where branches differ, by branch and service."""
    statement = select(
        BranchService.branch_id,
        BranchService.service_id,
        BranchService.offered,
        BranchService.minutes_percent,
        BranchService.price_minor,
    ).where(BranchService.branch_id.in_(branch_ids))
    found: dict[UUID, dict[UUID, TermsView]] = {branch_id: {} for branch_id in branch_ids}
    for branch_id, service_id, offered, percent, price in session.execute(statement):
        found[branch_id][service_id] = TermsView(offered, percent, price)
    return found


RESOURCE: tuple[Any, ...] = (
    Resource.id,
    Resource.resource_id,
    Resource.kind,
    Resource.type,
    Resource.name,
    Resource.active,
)


def resources_at(session: Session, branch_id: UUID, *, active_only: bool = True) -> list[ResourceView]:
    """The rooms and devices of a branch, by kind, type and name."""
    return resources_of(session, [branch_id], active_only=active_only)[branch_id]


def resources_of(
    session: Session, branch_ids: Sequence[UUID], *, active_only: bool = True
) -> dict[UUID, list[ResourceView]]:
    """The rooms and devices of each branch, by kind, type and name."""
    columns: tuple[Any, ...] = (
        Resource.id,
        Resource.resource_id,
        Resource.kind,
        Resource.type,
        Resource.name,
        Resource.active,
    )
    statement = (
        select(Resource.branch_id, *columns)
        .where(Resource.branch_id.in_(branch_ids))
        .order_by(Resource.kind.desc(), Resource.type, Resource.name, Resource.resource_id)
    )
    if active_only:
        statement = statement.where(Resource.active)
    found: dict[UUID, list[ResourceView]] = {branch_id: [] for branch_id in branch_ids}
    for row in session.execute(statement):
        found[row[0]].append(ResourceView(*row[1:]))
    return found


def skills(session: Session) -> list[SkillView]:
    rows = session.execute(select(Skill.id, Skill.key, Skill.name).order_by(Skill.key))
    return [SkillView(*row) for row in rows]


def resource_types(session: Session) -> dict[str, list[str]]:
    """The types of rooms ("room") and devices ("device") that the branches have, in order."""
    statement = select(Resource.kind, Resource.type).distinct().order_by(Resource.kind, Resource.type)
    found: dict[str, list[str]] = {"room": [], "device": []}
    for kind, type_ in session.execute(statement):
        found[kind].append(type_)
    return found
