"""Time: the one clock, wall-clock times in a branch's zone, and where two zone databases disagree.

Instants are timezone-aware datetimes in UTC. A branch's wall time is a date and a minute of the day
(0 = 00:00, 1440 = 00:00 of the next day), and becomes an instant only together with a zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy

MINUTES_IN_A_DAY = 1440


class _Frozen:
    """The instant at which a test holds the clock of the whole process, if any."""

    at: datetime | None = None


# What a zone name may be made of: it becomes a path inside the package, so nothing that climbs out of it.
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")

_RFC_3339 = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))",
    re.ASCII,
)


# A zone PostgreSQL does not know would fail the whole query, so its offset is asked for only when it is listed.
_POSTGRES_OFFSETS = """
select names.name, instants.n,
       case when known.name is not null
            then extract(epoch from (instants.at at time zone names.name) - (instants.at at time zone 'UTC'))::int end
from unnest(%(names)s::text[]) as names (name)
     cross join unnest(%(instants)s::timestamptz[]) with ordinality as instants (at, n)
     left join pg_catalog.pg_timezone_names as known on known.name = names.name
order by names.name, instants.n
"""


class UnknownZone(ValueError):
    """The name is not a zone of the tz database the application carries."""


class SkippedLocalTime(ValueError):
    """This wall time does not exist on that day: the clocks jumped over it."""

    def __init__(self, day: date, minute_of_day: int, zone_name: str) -> None:
        self.day = day
        self.minute_of_day = minute_of_day
        self.zone_name = zone_name
        hour, minute = divmod(minute_of_day, 60)
        super().__init__(f"{day.isoformat()} {hour:02}:{minute:02} does not exist in {zone_name}: the clocks skip it.")


def now() -> datetime:
    """The present instant in UTC, or the one a test has frozen."""
    return _Frozen.at or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Hold now() still for the whole process, worker threads included. For tests."""
    before, held = _Frozen.at, as_utc(at)
    _Frozen.at = held
    try:
        yield held
    finally:
        _Frozen.at = before


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a datetime without an offset."""
    if instant.utcoffset() is None:
        raise ValueError("An instant needs an offset from UTC.")
    return instant.astimezone(UTC)


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name from the installed tzdata package, never from the system's files. Raises UnknownZone."""
    if not _ZONE_NAME.fullmatch(name):
        raise UnknownZone(f"“{name}” is not a time zone name.")
    *folders, file_name = name.split("/")
    source = resources.files("tzdata").joinpath("zoneinfo", *folders, file_name)
    try:
        with source.open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError):
        # A folder, a listing such as zone.tab, or a name nobody has.
        raise UnknownZone(f"“{name}” is not a known time zone.") from None


def at_local(day: date, minute_of_day: int, zone: ZoneInfo) -> datetime:
    """The UTC instant at which clocks in the zone show that minute (0 to 1440) of that day.

    When clocks are set back and the time comes twice, the first one. Raises SkippedLocalTime when clocks jump
    over it, and ValueError for a minute outside the day.
    """
    if not 0 <= minute_of_day <= MINUTES_IN_A_DAY:
        raise ValueError(f"A minute of the day lies between 0 and {MINUTES_IN_A_DAY}, not {minute_of_day}.")
    wall = datetime.combine(day, time.min) + timedelta(minutes=minute_of_day)
    # fold=0 is the first of two equal times; for a skipped time it gives an instant that reads differently.
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        raise SkippedLocalTime(day, minute_of_day, str(zone))
    return instant


def local_minutes(instant: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """The date and the minute of the day (0 to 1439) that clocks in the zone show at that instant."""
    wall = as_utc(instant).astimezone(zone)
    return wall.date(), wall.hour * 60 + wall.minute


def parse_instant(text: str) -> datetime:
    """The UTC instant written in RFC 3339, as in 2026-03-01T09:30:00+08:00; digits past the microsecond are dropped.

    Raises ValueError with a sentence fit to show.
    """
    found = _RFC_3339.fullmatch(text)
    if found is None:
        raise ValueError("Write the time like 2026-03-01T09:30:00+08:00 or 2026-03-01T01:30:00Z.")
    *numbers, fraction, _, sign, hours, minutes = found.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    microsecond = int((fraction or "")[:6].ljust(6, "0"))
    try:
        wall = datetime(year, month, day, hour, minute, second, microsecond, UTC)
        if sign and (int(hours) > 23 or int(minutes) > 59):
            raise ValueError
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return wall + offset if sign == "-" else wall - offset
    except (ValueError, OverflowError):
        raise ValueError(f"There is no such date or time as {text}.") from None


class Disagreement(NamedTuple):
    """The first instant at which two databases give a zone different offsets; None: PostgreSQL lacks the zone."""

    zone: str
    instant: datetime
    python_offset: timedelta
    postgres_offset: timedelta | None


def zones_that_disagree(
    connection: sqlalchemy.Connection | psycopg.Connection[Any], names: Iterable[str], weeks: int = 53
) -> list[Disagreement]:
    """Zones for which PostgreSQL's tz database differs from ours, in weekly samples over the coming year.

    One query; takes a SQLAlchemy or a psycopg connection. Raises UnknownZone for a name we do not know ourselves.
    """
    zones = {name: zone(name) for name in sorted(set(names))}
    instants = [now() + timedelta(weeks=week) for week in range(weeks)]
    execute: Any = getattr(connection, "exec_driver_sql", connection.execute)
    rows = execute(_POSTGRES_OFFSETS, {"names": list(zones), "instants": instants}).fetchall()
    first: dict[str, Disagreement] = {}
    for name, number, seconds in rows:
        instant = instants[number - 1]
        ours = instant.astimezone(zones[name]).utcoffset()
        theirs = None if seconds is None else timedelta(seconds=seconds)
        if ours is not None and ours != theirs:
            first.setdefault(name, Disagreement(name, instant, ours, theirs))
    return list(first.values())
