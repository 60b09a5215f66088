"""The rulebook against a look at each cell by itself, in zones whose clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprints.booking.errors import NotForYou, PeakClosed
from blueprints.booking.rules import policy
from blueprints.booking.rules.rulebook import Kept, Peak, Policy, Rulebook, Times
from blueprints.booking.rules.terms import NAMES, Terms
from blueprints.booking.rules.timeline import CELL_MINUTES, Window, instant_of, midnight, wall
from shopbell import clock

USUAL = Terms(cancel_minutes=240, move_minutes=240)
COLOUR, CUT = UUID(int=1), UUID(int=2)
SHANGHAI = clock.zone("Asia/Shanghai")
CHANGES = [
    ("Asia/Shanghai", date(2026, 3, 2)),
    ("Europe/Berlin", date(2026, 3, 28)),
    ("Europe/Berlin", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 3)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Africa/Cairo", date(2026, 4, 23)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Santiago", date(2026, 4, 3)),
    ("America/Santiago", date(2026, 9, 5)),
    ("Asia/Beirut", date(2026, 3, 28)),
    ("Asia/Beirut", date(2026, 10, 24)),
]
FIVES = st.integers(0, 287).map(lambda cell: cell * 5)


@st.composite
def times(draw: st.DrawFn, near: date) -> Times:
    starts = draw(FIVES)
    ends = draw(st.integers(starts // 5 + 1, 288)) * 5
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    days = st.none() | st.integers(-1, 3).map(lambda number: near + timedelta(days=number))
    return Times(starts, ends, weekdays, draw(days), draw(days))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Rulebook, Window, datetime]:
    zone_name, near = draw(st.sampled_from(CHANGES))
    zone = clock.zone(zone_name)
    window = Window.of_days(near, draw(st.integers(1, 4)), zone)
    some = st.none() | st.integers(0, 3000)
    peak = st.builds(
        Peak,
        times(near),
        st.just({}),
        lead_minutes=some,
        horizon_days=st.none() | st.integers(0, 3),
        deposit_percent=st.none() | st.integers(0, 100),
    )
    kept = st.builds(Kept, times(near), st.integers(1, 3), st.integers(0, 72))
    book = Rulebook(USUAL, (), tuple(draw(st.lists(peak, max_size=3))), tuple(draw(st.lists(kept, max_size=3))))
    now = midnight(near, zone) + timedelta(minutes=draw(st.integers(-3 * 1440, 3 * 1440)))
    return book, window, now


def days_of(rule: Times, window: Window) -> list[date]:
    """Every day that may matter for the window, and some more."""
    calendar = [window.first_day + timedelta(days=number) for number in range(-2, window.days + 2)]
    return [
        day
        for day in calendar
        if day.weekday() in rule.weekdays
        and (rule.first_day is None or rule.first_day <= day)
        and (rule.last_day is None or day <= rule.last_day)
    ]


def cells(window: Window) -> list[tuple[int, datetime, datetime]]:
    return [
        (number, instant_of(window.origin + number), instant_of(window.origin + number + 1))
        for number in range(window.length)
    ]


def kept_by_hand(book: Rulebook, window: Window, tier: int, now: datetime) -> int:
    bitmap = 0
    for rule in book.windows:
        for day in days_of(rule.times, window):
            first, last = wall(day, rule.times.starts, window.zone), wall(day, rule.times.ends, window.zone)
            if tier >= rule.tier or now >= first - timedelta(hours=rule.until_hours):
                continue
            for number, begins, ends in cells(window):
                if begins < last and first < ends and first < last:
                    bitmap |= 1 << number
    return bitmap


def closed_by_hand(book: Rulebook, window: Window, now: datetime) -> int:
    bitmap = 0
    for rule in book.peaks:
        for day in days_of(rule.times, window):
            first, last = wall(day, rule.times.starts, window.zone), wall(day, rule.times.ends, window.zone)
            for number, begins, _ends in cells(window):
                if not first <= begins < last:
                    continue
                today = clock.local_minutes(now, window.zone)[0]
                soon = rule.lead_minutes is not None and begins < now + timedelta(minutes=rule.lead_minutes)
                far = rule.horizon_days is not None and begins >= midnight(
                    today + timedelta(days=rule.horizon_days + 1), window.zone
                )
                if soon or far:
                    bitmap |= 1 << number
    return bitmap


@settings(deadline=None)
@given(situations(), st.integers(0, 3))
def test_kept_time_is_what_a_look_at_each_cell_finds(situation: tuple[Rulebook, Window, datetime], tier: int) -> None:
    book, window, now = situation
    assert book.priority(window, tier, now) == kept_by_hand(book, window, tier, now)
    later = now + timedelta(hours=7)
    assert book.priority(window, tier, later) == kept_by_hand(book, window, tier, later)


@settings(deadline=None)
@given(situations())
def test_closed_busy_times_are_what_a_look_at_each_cell_finds(situation: tuple[Rulebook, Window, datetime]) -> None:
    book, window, now = situation
    assert book.peak_closed(window, now) == closed_by_hand(book, window, now)


@settings(deadline=None)
@given(situations(), st.integers(0, 3), st.integers(0, 400), st.integers(1, 30))
def test_a_time_is_refused_exactly_when_the_bitmaps_leave_it_out(
    situation: tuple[Rulebook, Window, datetime], tier: int, start: int, length: int
) -> None:
    book, window, now = situation
    start = start % window.length
    last = min(start + length, window.length)
    starts_at, ends_at = instant_of(window.origin + start), instant_of(window.origin + last)
    wanted = ((1 << last) - 1) & ~((1 << start) - 1)
    kept = bool(book.priority(window, tier, now) & wanted)
    closed = bool(book.peak_closed(window, now) >> start & 1)
    refusal = None
    try:
        policy.check_peak(book, starts_at, window.zone, at=now)
        policy.check_kept(book, starts_at, ends_at, window.zone, tier=tier, at=now)
    except (PeakClosed, NotForYou) as error:
        refusal = type(error)
    assert refusal is (PeakClosed if closed else NotForYou if kept else None)


@settings(deadline=None)
@given(situations(), st.integers(0, 2000))
def test_the_deposit_of_a_start_is_the_highest_of_the_busy_times_around_it(
    situation: tuple[Rulebook, Window, datetime], cell: int
) -> None:
    book, window, _now = situation
    starts_at = instant_of(window.origin + cell % window.length)
    found = [0]
    for rule in book.peaks:
        for day in days_of(rule.times, window):
            first, last = wall(day, rule.times.starts, window.zone), wall(day, rule.times.ends, window.zone)
            if first <= starts_at < last:
                found.append(rule.deposit_percent or 0)
    assert book.deposit_percent(starts_at, window.zone) == max(found)


policies = st.lists(
    st.builds(
        Policy,
        st.integers(0, 2),
        st.sampled_from([None, COLOUR, CUT]),
        st.fixed_dictionaries({name: st.none() | st.integers(0, 99) for name in NAMES}),
    ),
    unique_by=lambda one: (one.depth, one.service_id),
)


@settings(deadline=None)
@given(policies, st.sampled_from([None, COLOUR, CUT]))
def test_of_each_term_the_most_specific_policy_that_names_it_holds(rows: list[Policy], service: UUID | None) -> None:
    terms = Rulebook(USUAL, tuple(rows)).terms(service)
    by_place = {(row.depth, row.service_id): row.terms for row in rows}
    specific_first = [(depth, about) for about in (service, None) for depth in (2, 1, 0)]
    for name in NAMES:
        named = [by_place[place][name] for place in specific_first if place in by_place]
        expected = next((value for value in named if value is not None), getattr(USUAL, name))
        assert getattr(terms, name) == expected


@pytest.mark.proves("B4")
def test_an_evening_is_kept_for_members_until_two_days_before_it() -> None:
    evening = Kept(Times(17 * 60, 18 * 60, frozenset({4})), tier=2, until_hours=48)
    book, friday = Rulebook(USUAL, windows=(evening,)), date(2026, 3, 6)
    window = Window.of_days(friday, 1, SHANGHAI)
    begins = datetime(2026, 3, 6, 9, tzinfo=UTC)
    before, after = begins - timedelta(hours=48, seconds=1), begins - timedelta(hours=48)
    hour = 60 // CELL_MINUTES
    assert book.priority(window, 1, before).bit_count() == hour
    assert book.priority(window, 2, before) == 0
    assert book.priority(window, 1, after) == 0
    assert book.kept_until(begins, begins + timedelta(minutes=30), 0, before, SHANGHAI) == after
    with pytest.raises(NotForYou) as refused:
        policy.check_kept(
            book, begins - timedelta(minutes=5), begins + timedelta(minutes=5), SHANGHAI, tier=0, at=before
        )
    assert refused.value.extra["until"] == "2026-03-04T17:00:00+08:00"
    assert refused.value.detail == "It is open to everybody from 2026-03-04 17:00 on."


def test_what_is_remembered_of_a_rule_does_not_grow_without_end() -> None:
    book = Rulebook(USUAL, windows=(Kept(Times(0, 60), 1, 0),))
    now, first = datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 2)
    for number in range(600):
        window = Window.of_days(first + timedelta(days=number), 1, ZoneInfo("UTC"))
        assert book.priority(window, 0, now).bit_count() == 12
    assert len(book._known) <= 256
