"""Caps and budgets, against a plain reading of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from blueprints.messaging.gate.counting import Purse, Tally, mark
from blueprints.messaging.gate.laws import DAY, WEEK, Cap
from blueprints.messaging.gate.values import Envelope, decided

START = datetime(2026, 3, 2, tzinfo=UTC)
KEY = (1, "sms", "marketing")
moments = st.lists(st.integers(0, 14 * 24 * 60), max_size=40).map(sorted)


def envelope(cost: int = 0, expires_at: datetime | None = None, number: int = 1) -> Envelope:
    return Envelope(
        UUID(int=number), "sms", "marketing", "sale", "+86", None, None, "en", 1, cost, expires_at, START, "CNY"
    )


@given(asked=moments, day=st.integers(0, 4), week=st.integers(0, 8))
def test_no_stretch_of_a_day_or_a_week_holds_more_than_its_cap(asked: list[int], day: int, week: int) -> None:
    caps, tally, gone = [Cap(day, DAY), Cap(week, WEEK)], Tally(), list[datetime]()
    for minute in asked:
        now = START + timedelta(minutes=minute)
        check = tally.check(envelope(), KEY, caps, now)
        within_day = [at for at in gone if at > now - DAY]
        within_week = [at for at in gone if at > now - WEEK]
        assert check.passed == (len(within_day) < day and len(within_week) < week)
        if check.passed:
            gone.append(now)
            tally.add(KEY, now)
        elif check.verdict == "later" and check.until:
            # Asked again then, and not a moment earlier, there is room.
            assert check.until > now
            assert tally.check(envelope(), KEY, caps, check.until).passed
            assert not tally.check(envelope(), KEY, caps, check.until - timedelta(seconds=1)).passed


def test_what_would_wait_beyond_its_end_is_dropped() -> None:
    tally = Tally.of([(KEY, START)])
    caps, now = [Cap(1, DAY)], START + timedelta(hours=1)
    assert tally.check(envelope(expires_at=START + DAY), KEY, caps, now).verdict == "drop"
    assert tally.check(envelope(expires_at=START + WEEK), KEY, caps, now).verdict == "later"
    assert tally.check(envelope(), KEY, [Cap(1, WEEK)], now).verdict == "drop"


def test_a_decision_is_as_strict_as_its_strictest_check() -> None:
    tally = Tally.of([(KEY, START)])
    later = tally.check(envelope(), KEY, [Cap(1, DAY)], START)
    assert decided(envelope(), [later]).verdict == "later"
    assert decided(envelope(expires_at=START + timedelta(hours=3)), [later]).reason == "too_late"
    empty = Purse("CNY", 0, 0).check(envelope(cost=1), stops=True)
    assert decided(envelope(), [later, empty]).reason == "budget"


@given(costs=st.lists(st.integers(1, 50), max_size=30), limit=st.none() | st.integers(0, 300), stops=st.booleans())
def test_advertising_never_takes_more_than_there_is(costs: list[int], limit: int | None, stops: bool) -> None:
    purse, taken = Purse("CNY", limit, 0), 0
    for number, cost in enumerate(costs):
        fits = limit is None or taken + cost <= limit
        message = envelope(cost=cost, number=number)
        assert purse.check(message, stops=stops).passed == (fits or not stops)
        if fits or not stops:
            purse.take(message)
            taken += cost
    assert purse.taken_micros == taken
    assert not stops or limit is None or taken <= limit


def test_marks_are_reached_in_their_order() -> None:
    assert [mark(percent) for percent in (0, 79, 80, 99, 100, 250)] == [0, 0, 80, 80, 100, 100]
    assert Purse("CNY", None, 5).percent() == 0
    assert Purse("CNY", 0, 0).percent() == 100
