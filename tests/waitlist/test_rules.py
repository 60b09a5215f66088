"""Whose turn it is, how long a time is kept, and when nobody is disturbed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from blueprints.waitlist import rules
from blueprints.waitlist.rules import Freed, Past, Wanted
from shopbell import clock, ids

ZONE = clock.zone("Asia/Shanghai")
WANTED = Wanted(date(2026, 3, 2), date(2026, 3, 8), (0, 2), 540, 720)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return clock.at_local(date(2026, 3, day), hour * 60 + minute, ZONE)


@pytest.mark.parametrize(
    ("at", "suits"),
    [
        (local(2, 9), True),
        (local(2, 11, 55), True),
        (local(2, 12), False),
        (local(2, 8, 55), False),
        (local(3, 9), False),
        (local(4, 9), True),
        (local(9, 9), False),
    ],
)
def test_a_time_suits_within_days_weekdays_and_hours(at: datetime, suits: bool) -> None:
    assert WANTED.suits(at, ZONE) is suits


def test_days_without_the_weekday_are_no_days() -> None:
    assert not Wanted(date(2026, 3, 3), date(2026, 3, 3), (0,), 0, 1440).has_a_day()
    assert Wanted(date(2026, 3, 3), date(2026, 3, 9), (0,), 0, 1440).has_a_day()


def test_a_higher_tier_comes_first_and_then_who_waited_longest() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    one, two, three = ids.uuid7(), ids.uuid7(), ids.uuid7()
    waiting = [(0, late, one), (1, late, two), (0, early, three)]
    assert [found[2] for found in sorted(waiting, key=lambda wish: rules.turn(*wish))] == [two, three, one]


@pytest.mark.parametrize(("ahead", "minutes"), [(300, 20), (50, 20), (40, 10), (35, 5), (34, 0), (30, 0), (-5, 0)])
def test_a_time_is_kept_shorter_when_it_begins_soon_and_not_at_all_too_late(ahead: int, minutes: int) -> None:
    now = local(2, 10)
    assert rules.offer_minutes(now, now + timedelta(minutes=ahead), lead_minutes=30) == minutes


@pytest.mark.parametrize(
    ("now", "starts_at", "until"),
    [
        (local(2, 20, 59), local(3, 9), None),
        (local(2, 21), local(3, 9), local(3, 8)),
        (local(2, 21), local(2, 22), None),
        (local(3, 2), local(3, 9), None),
        (local(3, 2), local(3, 17), local(3, 8)),
        (local(3, 7, 59), local(4, 9), local(3, 8)),
        (local(3, 8), local(4, 9), None),
    ],
)
def test_a_time_that_can_wait_waits_for_the_morning(now: datetime, starts_at: datetime, until: datetime | None) -> None:
    assert rules.disturbs_until(now, starts_at, ZONE) == until


@pytest.mark.parametrize(
    ("past", "allowed"),
    [
        (Past(), True),
        (Past(lately=2, unanswered=9), True),
        (Past(lately=3), False),
        (Past(unanswered=10), False),
        (Past(refused=True), False),
    ],
)
def test_nobody_is_asked_too_often_or_for_the_same_time_twice(past: Past, allowed: bool) -> None:
    assert past.allows() is allowed


def test_a_freed_time_is_read_back_from_its_key() -> None:
    span = Freed(ids.uuid7(), local(2, 9), local(2, 10))
    assert Freed.of(span.key) == span


def test_distances_are_about_right() -> None:
    people_square, jingan_temple = (31.2304, 121.4737), (31.2235, 121.4453)
    assert rules.distance_km(people_square, jingan_temple) == pytest.approx(2.8, abs=0.1)
    assert rules.distance_km(people_square, people_square) == 0
