"""iCalendar files (RFC 5545): something to add to one's calendar, change or take out of it again.

Times are written as UTC instants, which every calendar shows in its owner's zone, so no zone rules travel along.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopbell import clock

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

_LINE_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Person:
    """Who is named as organiser or guest."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class IcsEvent:
    """One appointment. `uid` stays the same for life; `sequence` grows with every change of time or status.

    `starts_at` and `ends_at` carry an offset. `alarm_minutes` before the start the calendar reminds of it.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    sequence: int = 0
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"] = "CONFIRMED"
    description: str = ""
    location: str = ""
    url: str = ""
    organizer: Person | None = None
    attendee: Person | None = None
    alarm_minutes: int | None = None


def calendar(
    events: Sequence[IcsEvent],
    *,
    method: Method = "PUBLISH",
    name: str = "",
    stamp: datetime | None = None,
    product: str = "-//Shopbell//Calendar//EN",
) -> bytes:
    """The file's bytes: UTF-8, CRLF. `stamp` is when it was made, by default now.

    Guests are named only in a REQUEST or CANCEL, and these need an organiser (RFC 5546): ValueError without.
    """
    made_at = _instant(stamp or clock.now())
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_plain(product)}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    if name:
        lines += [f"NAME:{_escaped(name)}", f"X-WR-CALNAME:{_escaped(name)}"]
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
    yield f"DTSTART:{_instant(event.starts_at)}"
    yield f"DTEND:{_instant(event.ends_at)}"
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
