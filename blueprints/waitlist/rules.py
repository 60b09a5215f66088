"""Pure rules: whom a freed time is offered to, for how long, how often, and when nobody is disturbed.

The order is the same for everybody and can be told to anybody: a higher tier first, then whoever has waited longest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from uuid import UUID
from zoneinfo import ZoneInfo

from shopbell import clock

OFFER_MINUTES = 20
"""How long a time is held for one person: long enough to see a message in a pocket and ask at home."""
SHORTEST_OFFER_MINUTES = 5
"""Below this nobody could read the message and answer: then the time is not offered any more."""
OFFERS_A_DAY = 3
"""Offers to one wish within 24 hours."""
UNANSWERED_IN_ALL = 10
"""A wish that let so many offers pass in silence is over: each of them kept a time from others."""
QUIET_FROM, QUIET_UNTIL = 21 * 60, 8 * 60
"""Nobody is disturbed between these minutes of the branch's day for a time that can wait."""
MORNING_ROOM = timedelta(hours=2)
"""So long before it begins a time of the same day must still be offered after the quiet hours, to wait for them."""
LONGEST_DAYS = 92
"""How many days ahead one may wait."""
MOST_BRANCHES = 10
MOST_WISHES = 5
"""Open wishes of one customer."""
FURTHEST_KM = 50.0
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Wanted:
    """When somebody could come; the minutes are those between which the visit must start."""

    first_day: date
    last_day: date
    weekdays: Collection[int]
    earliest: int
    latest: int

    def suits(self, starts_at: datetime, zone: ZoneInfo) -> bool:
        day, minute = clock.local_minutes(starts_at, zone)
        return (
            self.first_day <= day <= self.last_day
            and day.weekday() in self.weekdays
            and self.earliest <= minute < self.latest
        )

    def has_a_day(self) -> bool:
        """Whether any of the weekdays lies between the first and the last day."""
        days = min((self.last_day - self.first_day).days + 1, 7)
        return any((self.first_day + timedelta(days=number)).weekday() in self.weekdays for number in range(days))


@dataclass(frozen=True)
class Freed:
    """Time at a branch that was taken and is free again."""

    branch_id: UUID
    starts_at: datetime
    ends_at: datetime

    @property
    def key(self) -> str:
        return f"{self.branch_id}|{self.starts_at.isoformat()}|{self.ends_at.isoformat()}"

    @staticmethod
    def of(key: str) -> Freed:
        branch_id, starts_at, ends_at = key.split("|")
        return Freed(UUID(branch_id), datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))

    def touches(self, starts_at: datetime, ends_at: datetime) -> bool:
        return starts_at < self.ends_at and self.starts_at < ends_at

    def outside(self, starts_at: datetime, ends_at: datetime) -> timedelta:
        """How much of the span lies before or after the freed time."""
        nothing = timedelta(0)
        return max(self.starts_at - starts_at, nothing) + max(ends_at - self.ends_at, nothing)


@dataclass(frozen=True)
class Past:
    """What was offered to a wish before: within a day, in silence, and whether this very time was refused."""

    lately: int = 0
    unanswered: int = 0
    refused: bool = False

    def allows(self) -> bool:
        return self.lately < OFFERS_A_DAY and self.unanswered < UNANSWERED_IN_ALL and not self.refused


def turn(tier: int, created_at: datetime, wish_id: UUID) -> tuple[int, datetime, UUID]:
    """What wishes are sorted by."""
    return -tier, created_at, wish_id


def offer_minutes(now: datetime, starts_at: datetime, lead_minutes: int) -> int:
    """For how long the time may be held: less when its start, less the branch's lead time, is near. 0: not at all."""
    left = (starts_at - timedelta(minutes=lead_minutes) - now) // timedelta(minutes=1)
    return min(OFFER_MINUTES, left) if left >= SHORTEST_OFFER_MINUTES else 0


def disturbs_until(now: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime | None:
    """When to offer a time instead of now, in quiet hours; None: now.

    A time of another day waits for the morning. One of today does so only if it still can.
    """
    today, minute = clock.local_minutes(now, zone)
    if QUIET_UNTIL <= minute < QUIET_FROM:
        return None
    morning_day = today + timedelta(days=1) if minute >= QUIET_FROM else today
    morning = clock.at_local(morning_day, QUIET_UNTIL, zone)
    if clock.local_minutes(starts_at, zone)[0] == today and starts_at - MORNING_ROOM < morning:
        return None
    return morning


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two places (latitude, longitude) are from each other, as the crow flies."""
    (south, west), (north, east) = (tuple(map(radians, place)) for place in (one, other))
    arc = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(arc))
