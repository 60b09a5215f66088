"""How long people are on their way between branches, and what is left of their work after it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import asin, ceil, cos, radians, sin, sqrt
from uuid import UUID
from zoneinfo import ZoneInfo

from shopbell import clock
from shopbell.spans import Span

Position = tuple[float, float]
"""Latitude and longitude in degrees."""

EARTH_KM = 6371.0
SPEED_KMH, LEAVING = 20, 10
"""A town at midday: 20 km/h as the crow flies, and ten minutes for leaving and arriving."""
LONGEST_WAY = 720
UNKNOWN_WAY = 30
"""Minutes, when one of the branches has no position."""
REACH = (24 + 12 + 4) * 60
"""Minutes before a span's start in which work may have begun that still matters: a day of work and the longest way."""


@dataclass(frozen=True)
class Ways:
    """Minutes between branches: as said by head office, else estimated from the distance."""

    positions: Mapping[UUID, Position | None]
    said: Mapping[tuple[UUID, UUID], int]

    def minutes(self, here: UUID, there: UUID) -> int:
        if here == there:
            return 0
        found = self.said.get((here, there))
        return self.estimated(here, there) if found is None else found

    def estimated(self, here: UUID, there: UUID) -> int:
        return estimated_minutes(self.positions.get(here), self.positions.get(there))


def estimated_minutes(here: Position | None, there: Position | None) -> int:
    """The distance at 20 km/h plus ten minutes, rounded up to five; 30 minutes when a position is unknown."""
    if here is None or there is None:
        return UNKNOWN_WAY
    minutes = distance_km(here, there) / SPEED_KMH * 60 + LEAVING
    return min(LONGEST_WAY, ceil(minutes / 5) * 5)


def distance_km(here: Position, there: Position) -> float:
    """Along a great circle (haversine)."""
    (lat, lon), (other_lat, other_lon) = (tuple(map(radians, position)) for position in (here, there))
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True)
class Work:
    """A span of work at a branch on its local day; `starts` and `ends` are minutes since the epoch."""

    branch_id: UUID
    day: date
    starts: int
    ends: int


def work(branch_id: UUID, day: date, span: Span, zone: ZoneInfo) -> Work:
    first, last = (minute_of(wall(day, minute, zone)) for minute in span)
    return Work(branch_id, day, first, last)


def after_travel(works: Sequence[Work], ways: Ways) -> list[Work]:
    """The same work, each span beginning only when the way from everything begun before it elsewhere is over.

    A span of which nothing is left drops out. What is planned counts, not what is left of it, so that the answer for
    a day does not depend on how many days are looked at. Of two that begin together the branch with the lower id
    comes first.
    """
    order = sorted(works, key=lambda found: (found.starts, found.branch_id, found.ends))
    left = []
    for number, found in enumerate(order):
        starts = found.starts
        for before in reversed(order[:number]):
            if before.starts < found.starts - REACH:
                break
            if before.branch_id != found.branch_id:
                starts = max(starts, before.ends + ways.minutes(before.branch_id, found.branch_id))
        if starts < found.ends:
            left.append(replace(found, starts=starts))
    return left


def local_span(found: Work, zone: ZoneInfo) -> Span | None:
    """The work in minutes of its local day, beginning at a multiple of five; None when nothing is left."""
    begins, last_day_minute = datetime.fromtimestamp(found.starts * 60, UTC), clock.MINUTES_IN_A_DAY
    day, minute = clock.local_minutes(begins, zone)
    minute = ceil(minute / 5) * 5 if day == found.day else 0 if day < found.day else last_day_minute
    # Where clocks are set back a minute comes twice and stands for the first: go on to one that is late enough.
    while minute < last_day_minute and minute_of(wall(found.day, minute, zone)) < found.starts:
        minute += 5
    ends = datetime.fromtimestamp(found.ends * 60, UTC)
    last_day, last = clock.local_minutes(ends, zone)
    last = last if last_day == found.day else last_day_minute
    return (minute, last) if minute < last else None


def wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a local time; one that the clocks skip is the end of the gap."""
    for later in range(0, 181, 5):
        try:
            return clock.at_local(day, min(minute + later, clock.MINUTES_IN_A_DAY), zone)
        except clock.SkippedLocalTime:
            continue
    raise ValueError(f"no local time near {day} {minute} in {zone.key}")


def minute_of(instant: datetime) -> int:
    return int(instant.timestamp() // 60)
