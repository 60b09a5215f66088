"""The shape of a demonstration chain. Pure data: days are counted from the day it is created, 0 being that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenants.packs.pack import Texts

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
EVERY_DAY = range(7)

Spans = tuple[tuple[int, int], ...]
"""Spans of a day, each (from, to) in minutes since midnight."""


def at(clock: str) -> int:
    """ "13:30" as the minute of the day."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def open_week(opens: str, closes: str, days: Iterable[int] = EVERY_DAY) -> dict[int, Spans]:
    """The same opening hours on every given weekday."""
    return {day: ((at(opens), at(closes)),) for day in days}


def works(starts: str, pause: str, ends: str, *, off: Iterable[int]) -> dict[int, Spans]:
    """A working week with an hour's break from `pause`, on every weekday but those in `off`."""
    spans = ((at(starts), at(pause)), (at(pause) + 60, at(ends)))
    return {day: spans for day in EVERY_DAY if day not in set(off)}


@dataclass(frozen=True)
class DemoLeave:
    """A day off, or only some minutes of it."""

    day: int
    reason: str
    starts: int | None = None
    ends: int | None = None


@dataclass(frozen=True)
class DemoLearned:
    """A qualification: what, who attests it, and the year."""

    name: Texts
    issuer: str
    year: int


@dataclass(frozen=True)
class DemoPerson:
    """`level` is how well they have their skills, 1 to 3; `dearer` by how many percent their services cost more.

    `elsewhere` is the week at other branches of the chain, by slug.
    """

    name: str
    title: Texts
    bio: Texts
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    week: Mapping[int, Spans]
    leave: tuple[DemoLeave, ...] = ()
    learned: tuple[DemoLearned, ...] = ()
    level: int = 2
    dearer: int = 0
    elsewhere: Mapping[str, Mapping[int, Spans]] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoResource:
    """Rooms or devices of one type; `name` has a number put behind it when there are several."""

    kind: str
    type: str
    name: str
    count: int = 1


@dataclass(frozen=True)
class DemoException:
    """A day with other hours than its weekday's; without times the branch is closed."""

    day: int
    reason: str
    opens: int | None = None
    closes: int | None = None


@dataclass(frozen=True)
class DemoBranch:
    """`bookings_a_day` is a full ordinary day; `tongues` weighs the languages of its customers.

    `dearer` is by how many percent its services cost more (or, below 0, less), `travel` how many minutes the way to
    other branches takes, by slug.
    """

    slug: str
    name: Texts
    address: Texts
    phone: str
    time_zone: str
    latitude: float
    longitude: float
    hours: Mapping[int, Spans]
    exceptions: tuple[DemoException, ...]
    resources: tuple[DemoResource, ...]
    people: tuple[DemoPerson, ...]
    bookings_a_day: int
    tongues: Mapping[str, int]
    manager: str
    host: str
    dearer: int = 0
    travel: Mapping[str, int] = field(default_factory=dict)

    @property
    def tongue(self) -> str:
        """The language most of its customers speak."""
        return max(self.tongues, key=lambda name: self.tongues[name])


@dataclass(frozen=True)
class DemoChain:
    """`demand` weighs the services by slug; `host` and `manager` of a branch and `head` are who signs in.

    `one_by_one` are two services of one visit, `side_by_side` those of a couple, `regular` is what somebody has every
    so many weeks, so many times. Friday evenings are kept for members at `members_at`, everywhere without one.
    """

    slug: str
    name: str
    pack: str
    locale: str
    time_zone: str
    currency: str
    country: str
    colour: str
    head: str
    branches: tuple[DemoBranch, ...]
    demand: Mapping[str, int]
    customers: int
    logo_file: str
    one_by_one: tuple[str, str]
    side_by_side: tuple[str, str]
    regular: tuple[str, int, int]
    members_at: str | None = None

    @property
    def logo(self) -> bytes:
        """A PNG of a few kilobytes."""
        return Path(__file__).with_name(self.logo_file).read_bytes()
