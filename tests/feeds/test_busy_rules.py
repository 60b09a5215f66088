"""What a calendar file makes busy, whatever stands in it, and what of that is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blueprints.feeds.rules.addresses import NotAnAddress, shown_address, web_address
from blueprints.feeds.rules.busy import NotACalendar, TooManyEvents, busy_times
from blueprints.feeds.rules.keeping import wanted
from shopbell import clock
from shopbell.outgoing import is_public
from tests.feeds.conftest import event, file

SHANGHAI = clock.zone("Asia/Shanghai")
FIRST = datetime(2026, 3, 1, 16, tzinfo=UTC)
LAST = FIRST + timedelta(days=60)


def read(*parts: str) -> list[tuple[str, str]]:
    """Starts and ends of what is busy, on Shanghai's clocks."""
    found = busy_times(file(*parts), FIRST, LAST, SHANGHAI, "lumi.localhost")
    return [tuple(f"{at.astimezone(SHANGHAI):%d.%m. %H:%M}" for at in (one.starts_at, one.ends_at)) for one in found]  # type: ignore[misc]


def test_times_of_an_instant_a_zone_and_none_at_all() -> None:
    assert read(
        event("a", "DTSTART:20260303T010000Z", "DTEND:20260303T020000Z"),
        event("b", "DTSTART;TZID=Europe/Berlin:20260304T100000", "DURATION:PT90M"),
        event("c", "DTSTART:20260305T100000", "DTEND:20260305T110000"),
    ) == [
        ("03.03. 09:00", "03.03. 10:00"),
        ("04.03. 17:00", "04.03. 18:30"),
        ("05.03. 10:00", "05.03. 11:00"),
    ]


def test_a_whole_day_is_one_of_the_branch() -> None:
    assert read(event("a", "DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260305")) == [
        ("03.03. 00:00", "05.03. 00:00")
    ]
    assert read(event("a", "DTSTART;VALUE=DATE:20260303")) == [("03.03. 00:00", "04.03. 00:00")]


def test_what_is_free_cancelled_empty_or_our_own_is_left_out() -> None:
    hours = ("DTSTART:20260303T010000Z", "DTEND:20260303T020000Z")
    assert (
        read(
            event("a", *hours, "TRANSP:TRANSPARENT"),
            event("b", *hours, "STATUS:CANCELLED"),
            event("c", *hours, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"),
            event("d@lumi.localhost", *hours),
            event("e", "DTSTART:20260303T010000Z"),
            event("f", "DTSTART:20200303T010000Z", "DTEND:20200303T020000Z"),
        )
        == []
    )


def test_an_unknown_zone_is_read_as_the_branchs_and_a_custom_one_by_its_own_rules() -> None:
    custom = "\r\n".join(
        (
            *("BEGIN:VTIMEZONE", "TZID:Office", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0300"),
            *("TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE", ""),
        )
    )
    assert read(custom, event("a", "DTSTART;TZID=Office:20260303T100000", "DURATION:PT1H")) == [
        ("03.03. 15:00", "03.03. 16:00")
    ]
    assert read(event("a", "DTSTART;TZID=Atlantis:20260303T100000", "DURATION:PT1H")) == [
        ("03.03. 10:00", "03.03. 11:00")
    ]


def test_a_series_with_a_moved_a_cancelled_and_a_left_out_instance() -> None:
    weekly = event(
        "w",
        "DTSTART;TZID=Asia/Shanghai:20260302T090000",
        "DTEND;TZID=Asia/Shanghai:20260302T100000",
        "RRULE:FREQ=WEEKLY;COUNT=5",
        "EXDATE;TZID=Asia/Shanghai:20260309T090000",
    )
    moved = event(
        "w",
        "RECURRENCE-ID;TZID=Asia/Shanghai:20260316T090000",
        "DTSTART;TZID=Asia/Shanghai:20260317T140000",
        "DTEND;TZID=Asia/Shanghai:20260317T150000",
    )
    cancelled = event(
        "w",
        "RECURRENCE-ID;TZID=Asia/Shanghai:20260323T090000",
        "DTSTART;TZID=Asia/Shanghai:20260323T090000",
        "DTEND;TZID=Asia/Shanghai:20260323T100000",
        "STATUS:CANCELLED",
    )
    assert [starts for starts, _ in read(weekly, moved, cancelled)] == ["02.03. 09:00", "17.03. 14:00", "30.03. 09:00"]


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=2", "freq=secondly;count=99999999"])
def test_what_recurs_without_a_pause_is_refused_before_counting(rule: str) -> None:
    with pytest.raises(TooManyEvents):
        read(event("a", "DTSTART:20260303T010000Z", "DTEND:20260303T010001Z", f"RRULE:{rule}"))


def test_more_than_a_person_could_do_is_refused() -> None:
    many = (
        event(f"{number}", "DTSTART:20260303T010000Z", "DTEND:20260303T010500Z", "RRULE:FREQ=HOURLY")
        for number in range(4)
    )
    with pytest.raises(TooManyEvents):
        read(*many)


LINES = st.sampled_from(
    [
        *("DTSTART:20260303T010000Z", "DTSTART:20260399T010000Z", "DTSTART;VALUE=DATE:20260303", "DTSTART:"),
        *(
            "DTEND:20260303T020000Z",
            "DTEND;VALUE=DATE:20260304",
            "DTEND:19000101T000000",
            "DURATION:-P1D",
            "DURATION:x",
        ),
        *(
            # None that is counted through thousands of years: what such a file costs is held where it is stopped.
            "RRULE:FREQ=DAILY;COUNT=8",
            "RRULE:FREQ=YEARLY;BYMONTH=x",
            "RRULE:FREQ=NEVER",
            "RRULE:",
            "DURATION:x",
        ),
        *("EXDATE:20260304T010000Z", "EXDATE:x", "RDATE:20260304T010000Z", "RECURRENCE-ID:20260303T010000Z"),
        *('DTSTART;TZID="":20260303T010000', "DTSTART;TZID=Nowhere:20260303T010000", "UID:", "TRANSP:x", "STATUS"),
        *(
            "BEGIN:VEVENT",
            "END:VEVENT",
            "BEGIN:VALARM",
            "END:VCALENDAR",
            "BEGIN:VTIMEZONE",
            "END:VTIMEZONE",
            "no colon",
        ),
        *("DTSTART:99991231T235959Z", "DTSTART:00010101T000000Z", "X-\x00:\x07", "SUMMARY:" + "é" * 200),
    ]
)


@hypothesis_settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(LINES, max_size=6), max_size=4))
def test_a_broken_file_is_read_as_far_as_it_goes_or_refused(events: list[list[str]]) -> None:
    try:
        found = busy_times(file(*(event("u", *lines) for lines in events)), FIRST, LAST, SHANGHAI)
    except (NotACalendar, TooManyEvents):
        return
    assert all(one.ends_at > FIRST and one.starts_at < LAST and one.starts_at < one.ends_at for one in found)


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_that_are_no_calendar_are_refused(body: bytes) -> None:
    for text in (body, b"BEGIN:VCALENDAR\r\n" + body):
        try:
            assert busy_times(text, FIRST, LAST, SHANGHAI) == []
        except NotACalendar:
            continue


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1", "::1"),
        *("fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "::", "x"),
        *("240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    ],
)
def test_addresses_that_are_not_the_public_webs(address: str) -> None:
    assert not is_public(address)


def test_public_addresses() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize(
    "text",
    [
        *("", "calendar", "file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "https://", "http:///x"),
        *("https://user:secret@a.example/x", "https://a.example/a b", "https://a.example:port/", "https://[::1/x"),
        "https://a.example/" + "x" * 2000,
    ],
)
def test_what_is_no_address_of_a_calendar(text: str) -> None:
    with pytest.raises(NotAnAddress):
        web_address(text)


def test_an_address_is_shown_without_what_opens_it() -> None:
    url = web_address(" webcal://calendar.example/private-0123456789abcdef/basic.ics ")
    assert url.startswith("https://")
    assert shown_address(url) == "calendar.example/…ic.ics"
    assert "0123" not in shown_address(url)


HOUR = timedelta(hours=1)


def test_busy_times_become_pieces_of_days_around_what_stands_there() -> None:
    at = datetime(2026, 3, 3, 1, tzinfo=UTC)
    window = (FIRST, LAST)
    busy = [("a", at, at + 4 * HOUR), ("b", at + 3 * HOUR, at + 5 * HOUR + timedelta(minutes=2))]
    found = wanted(busy, [(at + HOUR, at + 2 * HOUR)], [(at, at + HOUR / 2)], window, SHANGHAI)
    assert list(found.kept) == [
        (at + HOUR / 2, at + HOUR),
        (at + 2 * HOUR, at + 5 * HOUR + timedelta(minutes=5)),
    ]
    assert list(found.clashes) == [(at + HOUR, at + 2 * HOUR)]
    days = wanted([("c", FIRST, FIRST + timedelta(days=3))], [], [], window, SHANGHAI)
    assert [last - first for first, last in days.kept] == [timedelta(days=1)] * 3


TIMES = st.lists(
    st.tuples(st.integers(-600, 6000), st.integers(1, 3000)).map(
        lambda found: (FIRST + timedelta(minutes=found[0]), FIRST + timedelta(minutes=found[0] + found[1]))
    ),
    max_size=6,
)


@given(TIMES, TIMES, TIMES)
def test_kept_times_never_overlap_and_miss_no_busy_minute(busy, appointments, blocked) -> None:
    window = (FIRST, FIRST + timedelta(days=3))
    found = wanted(
        [(str(number), *times) for number, times in enumerate(busy)], appointments, blocked, window, SHANGHAI
    )
    pieces = sorted(found.kept)
    assert all(before[1] <= after[0] for before, after in pairwise(pieces))
    for minute in range(0, 3 * 1440, 17):
        at = FIRST + timedelta(minutes=minute)
        taken = any(first <= at < last for first, last in (*appointments, *blocked))
        inside = any(first <= at < last for first, last in pieces)
        if any(first <= at < last for first, last in busy) and not taken:
            assert inside
        if inside:
            assert not taken
