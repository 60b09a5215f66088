"""The shape of a trade pack: what a new chain of a trade starts with. Pure data, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    """A part of a service, in minutes (a multiple of five). Without a skill it keeps nobody busy."""

    name: Texts
    minutes: int
    skill: str | None = None
    room_type: str | None = None
    device_type: str | None = None


@dataclass(frozen=True)
class PackService:
    """A service as the trade sells it, shown in the group `category`. `price_minor` is per currency, in minor units."""

    slug: str
    name: Texts
    description: Texts
    category: Texts
    price_minor: Mapping[str, int]
    steps: tuple[PackStep, ...]

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def skills(self) -> frozenset[str]:
        """Every skill one person needs to do all of it."""
        return frozenset(step.skill for step in self.steps if step.skill)


@dataclass(frozen=True)
class Pack:
    """A trade: its skills and its starting catalogue, in the order they are shown."""

    key: str
    name: str
    skills: tuple[PackSkill, ...]
    services: tuple[PackService, ...]

    @property
    def room_types(self) -> frozenset[str]:
        return frozenset(step.room_type for service in self.services for step in service.steps if step.room_type)

    @property
    def device_types(self) -> frozenset[str]:
        return frozenset(step.device_type for service in self.services for step in service.steps if step.device_type)
