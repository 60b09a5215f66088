"""What a calendar file makes busy. Files come from outside, so everything in them may be wrong, missing or hostile.

This runs where it can be stopped (see service.outside): the libraries below have no limits of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

MOST_INSTANCES = 5000
_WINDOW = timedelta(days=28)
_A_DAY = timedelta(days=1)
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_FREE = {"FREE", "WORKINGELSEWHERE"}


class NotACalendar(ValueError):
    """The text is no calendar that can be read."""


class TooManyEvents(ValueError):
    """More happens in it than a person could do."""


@dataclass(frozen=True)
class Busy:
    """One time at which somebody is busy, in UTC. `uid` names its event without saying anything of it."""

    uid: str
    starts_at: datetime
    ends_at: datetime


def busy_times(text: bytes, first: datetime, last: datetime, zone: ZoneInfo, own_host: str = "") -> list[Busy]:
    """The busy times between two instants, in order. Times without a zone, and whole days, are those of `zone`.

    Left out: what is free, cancelled or not timed, and what came from our own feeds (`own_host`).
    Raises NotACalendar or TooManyEvents.
    """
    found: dict[tuple[str, datetime], Busy] = {}
    for calendar in _calendars(text):
        for event in _instances(calendar, first - _A_DAY, last + _A_DAY):
            busy = _busy(event, zone, own_host)
            if busy and busy.ends_at > first and busy.starts_at < last:
                found[busy.uid, busy.starts_at] = busy
            if len(found) > MOST_INSTANCES:
                raise TooManyEvents
    return sorted(found.values(), key=lambda busy: (busy.starts_at, busy.ends_at, busy.uid))


def _calendars(text: bytes) -> list[Any]:
    # Some write what is not UTF-8; times are ASCII, and nothing else is kept.
    plain = text.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in plain[:10_000].upper():
        raise NotACalendar
    try:
        found = icalendar.Calendar.from_ical(plain, multiple=True)
    except Exception as error:
        raise NotACalendar from error
    if not found:
        raise NotACalendar
    for calendar in found:
        calendar.subcomponents = [part for part in calendar.subcomponents if part.name != "VEVENT" or _is_usable(part)]
    return list(found)


def _is_usable(event: Any) -> bool:
    """Whether its times can be read. Raises TooManyEvents for what recurs by the minute or the second, before anybody
    begins to count."""
    found = {label: _listed(event.get(label)) for label in _TIMES}
    if any(isinstance(value, icalendar.vBroken) for values in found.values() for value in values):
        return False
    for rule in found["RRULE"]:
        if {str(one).upper() for one in rule.get("FREQ", [])} & _TOO_OFTEN:
            raise TooManyEvents
    return bool(found["DTSTART"])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _instances(calendar: Any, first: datetime, last: datetime) -> Iterator[Any]:
    """Every instance of every event, window by window, so that counting stops early."""
    try:
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        while first < last:
            until = min(first + _WINDOW, last)
            yield from query.between(first, until)
            first = until
    except TooManyEvents:
        raise
    except Exception as error:
        raise NotACalendar from error


def _busy(event: Any, zone: ZoneInfo, own_host: str) -> Busy | None:
    uid = str(event.get("UID", ""))
    if _is_free(event) or (own_host and uid.endswith(f"@{own_host}")):
        return None
    starts, ends = _value(event, "DTSTART"), _value(event, "DTEND")
    if starts is None:
        return None
    if ends is None:
        ends = starts if isinstance(starts, datetime) else starts + _A_DAY
    starts_at, ends_at = _instant(starts, zone), _instant(ends, zone)
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    return Busy(hashlib.sha256(uid.encode()).hexdigest()[:32], starts_at, ends_at)


def _is_free(event: Any) -> bool:
    return (
        str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        or str(event.get("STATUS", "")).upper() == "CANCELLED"
        or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() in _FREE
    )


def _value(event: Any, label: str) -> date | datetime | None:
    value = getattr(event.get(label), "dt", None)
    return value if isinstance(value, date) else None


def _instant(value: date, zone: ZoneInfo) -> datetime | None:
    """None for a time that no clock of ours can show."""
    wall = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    try:
        return (wall if wall.utcoffset() is not None else wall.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
