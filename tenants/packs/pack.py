"""The shape of a trade pack: what a new chain of a trade starts with. Pure data, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
"""From locale ("zh-CN", "vi", "en") to a text for people."""


def said(en: str, zh: str, vi: str) -> dict[str, str]:
    """One text in the three languages every pack speaks."""
    return {"zh-CN": zh, "vi": vi, "en": en}


def priced(cny: int, vnd: int, usd: int) -> dict[str, int]:
    """Whole yuan, dong and dollars as minor units: the dong has no smaller coin, the others have hundredths."""
    return {"CNY": cny * 100, "VND": vnd, "USD": usd * 100}


@dataclass(frozen=True)
class PackSkill:
    """Something a person must have learned before they may do a step."""

    key: str
    name: Texts


@dataclass(frozen=True)
class PackStep:
    """A part of a service, in minutes (a multiple of five). Without a skill it keeps nobody busy.

    Steps of one `role` are done by one person. With an `option` (its key) the step takes part only when that is chosen.
    Before it the customer waits at most `wait` minutes.
    """

    name: Texts
    minutes: int
    skill: str | None = None
    room_type: str | None = None
    device_type: str | None = None
    role: str = "main"
    level: int = 1
    wait: int = 0
    option: str | None = None


@dataclass(frozen=True)
class PackOption:
    """A variant or an add-on (`kind`) of a service: the price added per currency, in minor units, and the minutes added
    to its steps, by their number from 0."""

    key: str
    kind: str
    name: Texts
    price_minor: Mapping[str, int]
    minutes: Mapping[int, int] = field(default_factory=dict)


def variant(key: str, name: Texts, price_minor: Mapping[str, int], **minutes: int) -> PackOption:
    """variant("long", said(...), priced(60, 80_000, 15), s1=15): 15 minutes more for the second step."""
    return PackOption(key, "variant", name, price_minor, _by_number(minutes))


def addon(key: str, name: Texts, price_minor: Mapping[str, int], **minutes: int) -> PackOption:
    """As `variant`, for what comes on top."""
    return PackOption(key, "addon", name, price_minor, _by_number(minutes))


def _by_number(minutes: Mapping[str, int]) -> dict[int, int]:
    return {int(name[1:]): more for name, more in minutes.items()}


@dataclass(frozen=True)
class PackService:
    """A service as the trade sells it, shown in the group `category`. `price_minor` is per currency, in minor units."""

    slug: str
    name: Texts
    description: Texts
    category: Texts
    price_minor: Mapping[str, int]
    steps: tuple[PackStep, ...]
    options: tuple[PackOption, ...] = ()
    buffer_after: int = 0
    needs_approval: bool = False

    @property
    def minutes(self) -> int:
        """Without any choice."""
        return sum(step.minutes for step in self.steps if step.option is None)

    @property
    def skills(self) -> frozenset[str]:
        """Every skill that the person who gives the main steps needs."""
        return self.skills_of("main")

    def skills_of(self, role: str) -> frozenset[str]:
        return frozenset(step.skill for step in self.steps if step.skill and step.role == role)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(step.role for step in self.steps if step.skill)


@dataclass(frozen=True)
class Pack:
    """A trade: its skills and its starting catalogue, in the order they are shown."""

    key: str
    name: str
    """A msgid, said to people in their language."""
    skills: tuple[PackSkill, ...]
    services: tuple[PackService, ...]

    @property
    def room_types(self) -> frozenset[str]:
        return frozenset(step.room_type for service in self.services for step in service.steps if step.room_type)

    @property
    def device_types(self) -> frozenset[str]:
        return frozenset(step.device_type for service in self.services for step in service.steps if step.device_type)
