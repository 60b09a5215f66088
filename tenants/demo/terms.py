"""What the demonstration chains agree on with their customers, and when they are busiest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenants.demo.chain import FRI, SAT, SUN, at
from tenants.packs.pack import Texts, said

TERMS: Mapping[str, int] = {
    "cancel_minutes": 24 * 60,
    "late_cancel_percent": 50,
    "no_show_percent": 50,
    "max_moves": 3,
    "no_shows_for_deposit": 2,
}


@dataclass(frozen=True)
class DemoPeak:
    name: Texts
    weekdays: tuple[int, ...]
    span: tuple[int, int]
    deposit_percent: int
    staff_min: int


WEEKEND = DemoPeak(said("Weekend", "周末", "Cuối tuần"), (SAT, SUN), (at("10:00"), at("18:00")), 20, 3)


@dataclass(frozen=True)
class DemoWindow:
    """Time kept for members of a tier and above, until so many hours before."""

    weekdays: tuple[int, ...]
    span: tuple[int, int]
    tier: int
    until_hours: int


FRIDAY_EVENING = DemoWindow((FRI,), (at("17:00"), at("20:00")), 1, 48)
