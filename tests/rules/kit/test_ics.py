"""Calendar files that every calendar reads the same way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shopbell import clock
from shopbell.ics import IcsEvent, Person, calendar

STAMP = datetime(2026, 11, 21, 12, tzinfo=UTC)
STARTS = datetime(2026, 12, 1, 10, 30, tzinfo=timezone(timedelta(hours=8)))
EVENT = IcsEvent("b7@lumi.example", STARTS, STARTS + timedelta(minutes=45), "Cut and colour")
SHOP = Person("Lumi", "hello@lumi.example")
GUEST = Person("Lan Anh", "lan@mail.example")


def unfolded(file: bytes) -> list[str]:
    assert file.endswith(b"\r\n")
    return file.decode().replace("\r\n ", "").split("\r\n")[:-1]


def values(file: bytes, label: str) -> list[str]:
    return [line.partition(":")[2] for line in unfolded(file) if line.partition(":")[0].split(";")[0] == label]


def unescaped(text: str) -> str:
    plain, characters = "", iter(text)
    for character in characters:
        escaped = next(characters) if character == "\\" else ""
        plain += {"": character, "n": "\n", "N": "\n"}.get(escaped, escaped)
    return plain


def test_an_event_is_written_in_utc() -> None:
    assert unfolded(calendar([EVENT], stamp=STAMP)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Shopbell//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:b7@lumi.example",
        "DTSTAMP:20261121T120000Z",
        "LAST-MODIFIED:20261121T120000Z",
        "SEQUENCE:0",
        "DTSTART:20261201T023000Z",
        "DTEND:20261201T031500Z",
        "STATUS:CONFIRMED",
        "SUMMARY:Cut and colour",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_the_stamp_is_now_unless_given() -> None:
    with clock.frozen(STAMP):
        assert calendar([EVENT]) == calendar([EVENT], stamp=STAMP)


def test_a_moved_event_keeps_its_uid_and_raises_its_sequence() -> None:
    moved = calendar([replace(EVENT, sequence=3)], stamp=STAMP)
    assert values(moved, "UID") == ["b7@lumi.example"]
    assert values(moved, "SEQUENCE") == ["3"]


def test_a_cancellation_says_so_twice_and_rings_no_alarm() -> None:
    event = replace(EVENT, organizer=SHOP, alarm_minutes=60)
    file = calendar([event], method="CANCEL", stamp=STAMP)
    assert values(file, "METHOD") == ["CANCEL"]
    assert values(file, "STATUS") == ["CANCELLED"]
    assert "BEGIN:VALARM" not in unfolded(file)


def test_an_alarm_rings_before_the_start() -> None:
    file = calendar([replace(EVENT, alarm_minutes=90)], stamp=STAMP)
    assert values(file, "TRIGGER") == ["-PT90M"]


def test_a_request_names_organiser_and_guest() -> None:
    lines = unfolded(calendar([replace(EVENT, organizer=SHOP, attendee=GUEST)], method="REQUEST", stamp=STAMP))
    assert 'ORGANIZER;CN="Lumi":mailto:hello@lumi.example' in lines
    guest = 'ATTENDEE;CN="Lan Anh";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:lan@mail.example'
    assert guest in lines


def test_a_published_event_names_no_guest() -> None:
    assert values(calendar([replace(EVENT, organizer=SHOP, attendee=GUEST)], stamp=STAMP), "ATTENDEE") == []


def test_a_request_without_an_organiser_is_refused() -> None:
    with pytest.raises(ValueError, match="REQUEST needs an organiser"):
        calendar([EVENT], method="REQUEST", stamp=STAMP)


def test_an_event_that_does_not_last_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        calendar([replace(EVENT, ends_at=STARTS)], stamp=STAMP)


def test_special_characters_are_escaped() -> None:
    file = calendar([replace(EVENT, description="Bring: a, b; c\\d\r\nand e")], stamp=STAMP)
    assert values(file, "DESCRIPTION") == ["Bring: a\\, b\\; c\\\\d\\nand e"]


def test_nothing_typed_can_begin_a_property_of_its_own() -> None:
    bad = "x\r\nATTENDEE:mailto:evil@mail.example"
    person = Person(f'"{bad}";X=1', "a@mail.example\r\nX-EVIL:1")
    event = replace(
        EVENT, uid=bad, summary=bad, description=bad, location=bad, url=f"https://lumi.example/{bad}", organizer=person
    )
    lines = unfolded(calendar([event], name=bad, stamp=STAMP))
    assert not [line for line in lines if line.startswith(("ATTENDEE", "X-EVIL"))]
    (organizer,) = [line for line in lines if line.startswith("ORGANIZER")]
    assert organizer.count('"') == 2


def test_a_long_line_is_folded_between_characters() -> None:
    summary = "剪发" * 60 + "👩\u200d🎨" * 10
    file = calendar([replace(EVENT, summary=summary)], stamp=STAMP)
    pieces = file.split(b"\r\n")
    assert max(map(len, pieces)) <= 75
    assert all(piece.decode() for piece in pieces[:-1])
    assert values(file, "SUMMARY") == [summary]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from('\n\\;,:"'), max_size=200))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    file = calendar([replace(EVENT, summary="-" + text, location="-" + text)], stamp=STAMP)
    assert max(map(len, file.split(b"\r\n"))) <= 75
    assert [unescaped(value) for value in values(file, "SUMMARY")] == ["-" + text]
    assert [unescaped(value) for value in values(file, "LOCATION")] == ["-" + text]


def test_a_calendar_may_hold_many_events_and_a_name() -> None:
    file = calendar([EVENT, replace(EVENT, uid="b8@lumi.example")], name="Lumi, your visits", stamp=STAMP)
    assert values(file, "UID") == ["b7@lumi.example", "b8@lumi.example"]
    assert values(file, "NAME") == values(file, "X-WR-CALNAME") == ["Lumi\\, your visits"]


ZONES = [
    *("Asia/Shanghai", "Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"),
    *("Europe/Dublin", "Africa/Casablanca", "America/Santiago", "Pacific/Chatham", "Asia/Kathmandu", "Pacific/Apia"),
]


def test_a_zone_without_changes_is_one_observance() -> None:
    shanghai = clock.zone("Asia/Shanghai")
    file = calendar([replace(EVENT, zone=shanghai)], stamp=STAMP)
    assert "DTSTART;TZID=Asia/Shanghai:20261201T103000" in unfolded(file)
    assert unfolded(file)[5:13] == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "TZNAME:CST",
        "END:STANDARD",
    ]


@pytest.mark.proves("B14")
@hypothesis_settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 3 * 365 * 24))
def test_another_reader_finds_the_same_instants_from_the_zone_rules_alone(name: str, hours: int) -> None:
    starts_at = datetime(2025, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
    zone = clock.zone(name)
    wall = starts_at.astimezone(zone)
    if wall.fold or clock.local_minutes(starts_at, zone) == clock.local_minutes(starts_at + timedelta(hours=1), zone):
        return
    event = IcsEvent("x@y", starts_at, starts_at + timedelta(days=200), "Cut", zone=zone)
    # Under a name nobody knows, so that the reader cannot use a database of its own, nor what it read before.
    unknown = f"Nowhere/{name}-{hours}"
    text = calendar([event]).decode().replace("\r\n ", "")
    text = text.replace(f"TZID={name}", f"TZID={unknown}").replace(f"TZID:{name}", f"TZID:{unknown}")
    found: Any = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    assert found["DTSTART"].dt.astimezone(UTC) == starts_at
    if not event.ends_at.astimezone(zone).fold:
        assert found["DTEND"].dt.astimezone(UTC) == event.ends_at


def test_a_file_to_subscribe_to_says_how_often_to_read_it() -> None:
    lines = unfolded(calendar([EVENT], refresh_minutes=60))
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT60M" in lines
    assert "X-PUBLISHED-TTL:PT60M" in lines
