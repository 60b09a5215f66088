"""The rules of one branch together: terms per service, busy times, and time kept for members.

A rule's hours on a day reach from the instant at which clocks show their beginning to the one at which they show their
end, as opening hours do; of a time that comes twice the first one counts. They are multiples of five minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from blueprints.booking.rules.terms import Terms, resolve
from blueprints.booking.rules.timeline import Window, cell_after, cell_of, midnight, run, wall
from shopbell import clock

EVERY_DAY = frozenset(range(7))
REMEMBERED = 256


@dataclass(frozen=True)
class Policy:
    """What is said of all services, or of one, at a depth: 0 for the chain, 1 for a region, 2 for a branch.

    Terms it leaves open are None.
    """

    depth: int
    service_id: UUID | None
    terms: Mapping[str, Any]

    @property
    def rank(self) -> tuple[bool, int]:
        """The less specific, the smaller: chain, region, branch, service, service in the region, at the branch."""
        return self.service_id is not None, self.depth


@dataclass(frozen=True)
class Times:
    """Hours that recur: from `starts` to `ends` (minutes of the local day) on weekdays (0 = Monday), within dates."""

    starts: int
    ends: int
    weekdays: frozenset[int] = EVERY_DAY
    first_day: date | None = None
    last_day: date | None = None

    def on(self, day: date) -> bool:
        begun = self.first_day is None or self.first_day <= day
        return begun and day.weekday() in self.weekdays and (self.last_day is None or day <= self.last_day)

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        return wall(day, self.starts, zone), wall(day, self.ends, zone)

    def during(self, window: Window) -> Iterator[tuple[date, datetime, datetime]]:
        """Each day of the window that has it, with its beginning and end."""
        for day in window.calendar():
            if self.on(day):
                first, last = self.span(day, window.zone)
                if first < last:
                    yield day, first, last

    def around(self, instant: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """The occurrence that holds the instant."""
        today = clock.local_minutes(instant, zone)[0]
        # Where clocks go back over midnight, an instant may show a day before or after the one whose hours it is in.
        for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
            if self.on(day):
                first, last = self.span(day, zone)
                if first <= instant < last:
                    return first, last
        return None


@dataclass(frozen=True)
class Peak:
    """A busy time. None: as at other times. `staff_min` is how many people should be at work."""

    times: Times
    name: Mapping[str, str]
    lead_minutes: int | None = None
    horizon_days: int | None = None
    deposit_percent: int | None = None
    staff_min: int | None = None

    def opens(self, starts_at: datetime, zone: ZoneInfo) -> datetime | None:
        """When a start at this instant can first be booked."""
        if self.horizon_days is None:
            return None
        day = clock.local_minutes(starts_at, zone)[0]
        return midnight(day - timedelta(days=self.horizon_days), zone)

    def closed(self, window: Window, now: datetime) -> int:
        """The cells that the lead time and the horizon leave out, whatever the hours."""
        closed = 0
        if self.lead_minutes is not None:
            closed |= window.until_instant(now + timedelta(minutes=self.lead_minutes))
        if self.horizon_days is not None:
            today = clock.local_minutes(now, window.zone)[0]
            closed |= window.from_instant(midnight(today + timedelta(days=self.horizon_days + 1), window.zone))
        return closed


@dataclass(frozen=True)
class Kept:
    """Time kept for customers of `tier` and above until `until_hours` before it begins."""

    times: Times
    tier: int
    until_hours: int

    def released(self, begins: datetime) -> datetime:
        return begins - timedelta(hours=self.until_hours)


Rule = Peak | Kept
Span = tuple[int, int]


@dataclass(frozen=True)
class Rulebook:
    """A branch's rules. `usual` holds where no policy says otherwise."""

    usual: Terms
    policies: tuple[Policy, ...] = ()
    peaks: tuple[Peak, ...] = ()
    windows: tuple[Kept, ...] = ()
    _known: dict[tuple[str, int, int, int], int] = field(default_factory=dict, compare=False, repr=False)

    def terms(self, service_id: UUID | None) -> Terms:
        """What holds for a service; of each term the most specific policy that names it."""
        found = sorted((one for one in self.policies if one.service_id in {None, service_id}), key=lambda one: one.rank)
        return resolve(self.usual, (dict(one.terms) for one in found))

    def priority(self, window: Window, tier: int, now: datetime) -> int:
        """The cells that somebody of this tier may not occupy yet."""
        kept = 0
        for number, rule in enumerate(self.windows):
            if tier < rule.tier:
                cells = self._cells("kept", number, rule.times, window, _touched)
                kept |= cells & _not_released(rule, window, now)
        return kept

    def peak_closed(self, window: Window, now: datetime) -> int:
        """The cells at which no visit may start, because of a busy time's own lead time or horizon."""
        closed = 0
        for number, rule in enumerate(self.peaks):
            if rule.lead_minutes is not None or rule.horizon_days is not None:
                cells = self._cells("peak", number, rule.times, window, _begun)
                closed |= cells & rule.closed(window, now)
        return closed

    def deposit_percent(self, starts_at: datetime, zone: ZoneInfo) -> int:
        """The highest deposit that the busy times at this start ask for; 0 at other times."""
        return max((peak.deposit_percent or 0 for peak in self.peaks_at(starts_at, zone)), default=0)

    def peaks_at(self, starts_at: datetime, zone: ZoneInfo) -> list[Peak]:
        """The busy times in which a visit starting at this instant begins."""
        return [peak for peak in self.peaks if peak.times.around(starts_at, zone)]

    def kept_until(
        self, starts_at: datetime, ends_at: datetime, tier: int, now: datetime, zone: ZoneInfo
    ) -> datetime | None:
        """When the last window that keeps a part of this time from the tier is opened to it; None: it is free."""
        day = clock.local_minutes(starts_at, zone)[0] - timedelta(days=1)
        last_day = clock.local_minutes(ends_at, zone)[0] + timedelta(days=1)
        found = []
        while day <= last_day:
            for rule in self.windows:
                first, last = rule.times.span(day, zone)
                hit = tier < rule.tier and rule.times.on(day) and first < ends_at and starts_at < last
                if hit and first < last and now < rule.released(first):
                    found.append(rule.released(first))
            day += timedelta(days=1)
        return max(found, default=None)

    def _cells(
        self, kind: str, number: int, times: Times, window: Window, cells: Callable[[datetime, datetime], Span]
    ) -> int:
        """The cells of a rule's hours in the window, remembered: they do not change with the clock."""
        key = (kind, number, window.origin, window.length)
        found = self._known.get(key)
        if found is None:
            found = 0
            for _day, first, last in times.during(window):
                found |= window.cells(*cells(first, last))
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found


def _touched(first: datetime, last: datetime) -> Span:
    """Every cell that shares a moment with the span."""
    return cell_of(first), cell_after(last)


def _begun(first: datetime, last: datetime) -> Span:
    """Every cell that begins within the span."""
    return cell_after(first), cell_after(last)


def _not_released(rule: Kept, window: Window, now: datetime) -> int:
    """The cells from the first occurrence on that is still kept: those before have begun, or begin too soon."""
    reached = now + timedelta(hours=rule.until_hours)
    current = rule.times.around(reached, window.zone)
    first = cell_after(current[1]) if current else cell_of(reached)
    return run(max(first - window.origin, 0), window.length)
