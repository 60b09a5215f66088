"""Which times to keep in the booking book for a calendar's busy times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

Times = tuple[datetime, datetime]
_CELL = 5 * 60


@dataclass(frozen=True)
class Wanted:
    """Times to keep, and times that an appointment stands in; each with the event it is for."""

    kept: dict[Times, str]
    clashes: dict[Times, str]


def wanted(
    busy: Iterable[tuple[str, datetime, datetime]],
    appointments: Sequence[Times],
    blocked: Sequence[Times],
    window: Times,
    zone: ZoneInfo,
) -> Wanted:
    """Busy times in pieces of a local day at most, on the grid of five minutes, none overlapping another.

    What is `blocked` already is left out; where one of the `appointments` stands is a clash, and the rest is kept.
    """
    kept: dict[Times, str] = {}
    clashes: dict[Times, str] = {}
    for uid, piece in _by_day(_merged(busy, window), zone):
        for free in _without([piece], blocked):
            for standing in appointments:
                overlap = (max(free[0], standing[0]), min(free[1], standing[1]))
                if overlap[0] < overlap[1]:
                    clashes[overlap] = uid
            kept.update(dict.fromkeys(_without([free], appointments), uid))
    return Wanted(kept, clashes)


def _merged(busy: Iterable[tuple[str, datetime, datetime]], window: Times) -> list[tuple[str, datetime, datetime]]:
    found: list[tuple[str, datetime, datetime]] = []
    for starts_at, ends_at, uid in sorted((starts, ends, uid) for uid, starts, ends in busy):
        first, last = max(_floor(starts_at), window[0]), min(_ceiling(ends_at), window[1])
        if found and first <= found[-1][2]:
            found[-1] = (found[-1][0], found[-1][1], max(found[-1][2], last))
        elif first < last:
            found.append((uid, first, last))
    return found


def _by_day(busy: Iterable[tuple[str, datetime, datetime]], zone: ZoneInfo) -> list[tuple[str, Times]]:
    found: list[tuple[str, Times]] = []
    for uid, starts_at, ends_at in busy:
        first = starts_at
        while first < ends_at:
            tomorrow = first.astimezone(zone).date() + timedelta(days=1)
            midnight = datetime.combine(tomorrow, time.min, tzinfo=zone).astimezone(UTC)
            last = min(ends_at, midnight)
            found.append((uid, (first, last)))
            first = last
    return found


def _without(pieces: Iterable[Times], taken: Iterable[Times]) -> list[Times]:
    left = list(pieces)
    for start, end in taken:
        left = [
            (first, last)
            for piece in left
            for first, last in ((piece[0], min(piece[1], start)), (max(piece[0], end), piece[1]))
            if first < last
        ]
    return left


def _floor(at: datetime) -> datetime:
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % _CELL, UTC)


def _ceiling(at: datetime) -> datetime:
    down = _floor(at)
    return down if down == at else down + timedelta(seconds=_CELL)
