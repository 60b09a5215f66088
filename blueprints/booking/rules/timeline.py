"""Time as bitmaps: a Python integer whose bit i says something about the i-th cell of five minutes.

Cells are counted from the Unix epoch in UTC, so a day with a clock change needs no special case: local times become
instants before they become cells. Intersecting a fortnight of twenty people costs a few machine operations each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shopbell import clock
from shopbell.spans import Span

CELL_MINUTES = 5
CELL_SECONDS = CELL_MINUTES * 60
CELLS_IN_A_DAY = 24 * 60 // CELL_MINUTES


def cell_of(instant: datetime) -> int:
    """The cell that contains the instant."""
    return int(instant.timestamp()) // CELL_SECONDS


def cell_after(instant: datetime) -> int:
    """The first cell that begins at the instant or later."""
    return -(-int(-(-instant.timestamp() // 1)) // CELL_SECONDS)


def instant_of(cell: int) -> datetime:
    return datetime.fromtimestamp(cell * CELL_SECONDS, UTC)


def run(first: int, last: int) -> int:
    """Bits first to last - 1 set."""
    return ((1 << (last - first)) - 1) << first if last > first else 0


def starts_of(free: int, length: int) -> int:
    """Bit i set where bits i to i + length - 1 are all set in `free`."""
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        free &= free >> step
        covered += step
    return free


def bits(bitmap: int) -> Iterator[int]:
    """The positions of the set bits, ascending."""
    text = bin(bitmap)[:1:-1]
    position = text.find("1")
    while position >= 0:
        yield position
        position = text.find("1", position + 1)


def lowest(bitmap: int, number: int) -> Iterator[int]:
    """The positions of the first set bits, at most so many: cheaper than `bits` where only few are wanted."""
    while bitmap and number:
        yield (bitmap & -bitmap).bit_length() - 1
        bitmap &= bitmap - 1
        number -= 1


class Moment(NamedTuple):
    """A cell as people see it; `text` is RFC 3339 in the local offset."""

    instant: datetime
    day: date
    text: str


@dataclass(frozen=True)
class Window:
    """The cells from the local midnight of `first_day` up to that of `first_day + days`."""

    first_day: date
    days: int
    zone: ZoneInfo
    origin: int
    """The first cell."""
    length: int
    moments: dict[int, Moment] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def of_days(first_day: date, days: int, zone: ZoneInfo) -> Window:
        origin = cell_of(midnight(first_day, zone))
        end = cell_after(midnight(first_day + timedelta(days=days), zone))
        return Window(first_day, days, zone, origin, end - origin)

    @property
    def starts_at(self) -> datetime:
        return instant_of(self.origin)

    @property
    def ends_at(self) -> datetime:
        return instant_of(self.origin + self.length)

    @property
    def everything(self) -> int:
        return (1 << self.length) - 1

    def calendar(self) -> Iterator[date]:
        return (self.first_day + timedelta(days=number) for number in range(self.days))

    def of_spans(self, spans: dict[date, list[Span]]) -> int:
        """Local spans per day as a bitmap: only cells that lie wholly inside."""
        bitmap = 0
        for day, day_spans in spans.items():
            for start, end in day_spans:
                first = cell_after(wall(day, start, self.zone)) - self.origin
                last = cell_of(wall(day, end, self.zone)) - self.origin
                bitmap |= run(max(first, 0), min(last, self.length))
        return bitmap

    def grid(self, minutes: int) -> int:
        """The cells at which an appointment may start: every `minutes` from local midnight."""
        bitmap, usual = 0, _every(minutes)
        for day in self.calendar():
            begins, ends = midnight(day, self.zone), midnight(day + timedelta(days=1), self.zone)
            # Clocks never change twice within a day, so one of 24 hours has no change in it.
            if ends - begins == timedelta(days=1) and begins.timestamp() % CELL_SECONDS == 0:
                bitmap |= usual << (cell_of(begins) - self.origin)
            else:
                bitmap |= self._grid_of(day, minutes)
        return bitmap

    def _grid_of(self, day: date, minutes: int) -> int:
        bitmap = 0
        for minute in range(0, clock.MINUTES_IN_A_DAY, minutes):
            try:
                bitmap |= 1 << (cell_of(clock.at_local(day, minute, self.zone)) - self.origin)
            except clock.SkippedLocalTime:
                continue
        return bitmap

    def cells(self, first: int, last: int) -> int:
        """An absolute span of cells as a bitmap, cut to the window."""
        return run(max(first - self.origin, 0), min(last - self.origin, self.length))

    def from_instant(self, instant: datetime) -> int:
        """All cells from the first one that begins at the instant or later."""
        first = cell_after(instant) - self.origin
        return run(max(first, 0), self.length)

    def until_instant(self, instant: datetime) -> int:
        """All cells that begin before the instant."""
        return run(0, min(cell_after(instant) - self.origin, self.length))

    def moment(self, position: int) -> Moment:
        """A cell as an instant, its local day and its local time as text; remembered."""
        found = self.moments.get(position)
        if found is None:
            instant = instant_of(self.origin + position)
            local = instant.astimezone(self.zone)
            found = self.moments[position] = Moment(instant, local.date(), local.isoformat())
        return found


@lru_cache(maxsize=64)
def _every(minutes: int) -> int:
    """The starts of a day on which no clock changes."""
    return sum(1 << minute // CELL_MINUTES for minute in range(0, clock.MINUTES_IN_A_DAY, minutes))


@lru_cache(maxsize=65536)
def wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a local time; one that the clocks skip becomes the end of the gap, as every wall clock shows."""
    for later in range(0, 181, CELL_MINUTES):
        try:
            following, rest = divmod(minute + later, clock.MINUTES_IN_A_DAY)
            return clock.at_local(day + timedelta(days=following), rest, zone)
        except clock.SkippedLocalTime:
            continue
    raise ValueError(f"no local time near {day} {minute} in {zone.key}")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return wall(day, 0, zone)
