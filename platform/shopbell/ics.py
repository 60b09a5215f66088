"""iCalendar files (RFC 5545): something to add to one's calendar, change or take out of it again.

An event without a zone is written in UTC instants, which every calendar shows in its owner's zone. An event of a zone
is written in wall times, and the file brings the zone's clock changes along (VTIMEZONE), out of the pinned tz database:
one observance for each change between the first and the last event, so that no calendar has to guess a rule.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shopbell import clock

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]

_LINE_OCTETS = 75
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time
_A_YEAR = timedelta(days=366)
_STRIDE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is named as organiser or guest."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class IcsEvent:
    """One appointment. `uid` stays the same for life; `sequence` grows with every change and never shrinks: calendars
    ignore what does not count higher than before.

    `starts_at` and `ends_at` carry an offset. `alarm_minutes` before the start the calendar reminds of it. With a
    `zone` the times are those of its clocks.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    sequence: int = 0
    status: Status = "CONFIRMED"
    description: str = ""
    location: str = ""
    url: str = ""
    organizer: Person | None = None
    attendee: Person | None = None
    alarm_minutes: int | None = None
    zone: ZoneInfo | None = None


def calendar(
    events: Sequence[IcsEvent],
    *,
    method: Method = "PUBLISH",
    name: str = "",
    stamp: datetime | None = None,
    product: str = "-//Shopbell//Calendar//EN",
    refresh_minutes: int | None = None,
) -> bytes:
    """The file's bytes: UTF-8, CRLF. `stamp` is when it was made, by default now. A file that is subscribed to says
    with `refresh_minutes` how often it is worth reading again.

    Guests are named only in a REQUEST or CANCEL, and these need an organiser (RFC 5546): ValueError without.
    """
    made_at = _instant(stamp or clock.now())
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_plain(product)}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    if name:
        lines += [f"NAME:{_escaped(name)}", f"X-WR-CALNAME:{_escaped(name)}"]
    if refresh_minutes:
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_minutes}M", f"X-PUBLISHED-TTL:PT{refresh_minutes}M"]
    for zone in {event.zone.key: event.zone for event in events if event.zone}.values():
        instants = [at for event in events if event.zone == zone for at in (event.starts_at, event.ends_at)]
        lines += _timezone(zone, min(instants), max(instants))
    for event in events:
        lines += _event(event, method, made_at)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(event: IcsEvent, method: Method, made_at: str) -> Iterator[str]:
    if event.ends_at <= event.starts_at:
        raise ValueError("An event ends after it starts.")
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.uid)}"
    yield f"DTSTAMP:{made_at}"
    yield f"LAST-MODIFIED:{made_at}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART{_moment(event.starts_at, event.zone)}"
    yield f"DTEND{_moment(event.ends_at, event.zone)}"
    yield f"STATUS:{'CANCELLED' if method == 'CANCEL' else event.status}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    for label, text in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if text:
            yield f"{label}:{_escaped(text)}"
    if event.url:
        yield f"URL:{_plain(event.url)}"
    yield from _people(event, method)
    yield "TRANSP:OPAQUE"
    if event.alarm_minutes is not None and method != "CANCEL":
        yield from _alarm(event.alarm_minutes, event.summary)
    yield "END:VEVENT"


def _people(event: IcsEvent, method: Method) -> Iterator[str]:
    if event.organizer:
        yield f"ORGANIZER;CN={_quoted(event.organizer.name)}:mailto:{_plain(event.organizer.email)}"
    if method == "PUBLISH":
        return
    if event.organizer is None:
        raise ValueError(f"A {method} needs an organiser.")
    if event.attendee:
        answer = "ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE"
        yield f"ATTENDEE;CN={_quoted(event.attendee.name)};{answer}:mailto:{_plain(event.attendee.email)}"


def _alarm(minutes: int, summary: str) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(summary)}"
    yield f"TRIGGER:-PT{minutes}M"
    yield "END:VALARM"


def _timezone(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[str]:
    """The zone with every change of its clocks around the two instants; before them, what holds at the first."""
    at, end = clock.as_utc(first) - _A_YEAR, clock.as_utc(last) + _A_YEAR
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    yield from _observance(_LONG_AGO, _offset(zone, at), at, zone)
    while at < end:
        following = at + _STRIDE
        if _kind(zone, at) != _kind(zone, following):
            change = _change(zone, at, following)
            before = _offset(zone, change - timedelta(seconds=1))
            yield from _observance((change + before).replace(tzinfo=None), before, change, zone)
        at = following
    yield "END:VTIMEZONE"


def _observance(wall: datetime, before: timedelta, at: datetime, zone: ZoneInfo) -> Iterator[str]:
    """What holds from a wall time on, given in the offset `before` it: the zone as it is at the instant."""
    local = at.astimezone(zone)
    label = "DAYLIGHT" if local.dst() else "STANDARD"
    yield f"BEGIN:{label}"
    yield f"DTSTART:{wall:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset_text(before)}"
    yield f"TZOFFSETTO:{_offset_text(_offset(zone, at))}"
    yield f"TZNAME:{_plain(local.tzname() or zone.key)}"
    yield f"END:{label}"


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant between the two at which the zone's clocks change, to the second."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        before, after = (before, middle) if _kind(zone, middle) != _kind(zone, before) else (middle, after)
    return after


def _kind(zone: ZoneInfo, at: datetime) -> tuple[timedelta, bool]:
    return _offset(zone, at), bool(at.astimezone(zone).dst())


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _offset_text(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{minutes % 60:02}" + (f"{rest:02}" if rest else "")


def _moment(at: datetime, zone: ZoneInfo | None) -> str:
    """A property's parameters and value: a wall time of the zone, or without one the instant."""
    if zone is None:
        return f":{_instant(at)}"
    return f";TZID={zone.key}:{at.astimezone(zone):%Y%m%dT%H%M%S}"


def _instant(at: datetime) -> str:
    return clock.as_utc(at).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """A TEXT value: line breaks as \\n, and a backslash before what would end or split it."""
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in "\\;,":
        one_kind = one_kind.replace(character, "\\" + character)
    return _plain(one_kind.replace("\n", "\\n"))


def _quoted(text: str) -> str:
    """A parameter's value; it knows no escape for the double quote, so that becomes a single one."""
    return f'"{_plain(text).replace(chr(34), chr(39))}"'


def _plain(text: str) -> str:
    """Without control characters: none of them may stand in a file, and a line break would begin another property."""
    return "".join(character for character in text if unicodedata.category(character) not in ("Cc", "Cs"))


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, later ones after a space, no character cut in two."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > _LINE_OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += octets
    pieces.append(piece)
    return b"\r\n".join(pieces) + b"\r\n"
