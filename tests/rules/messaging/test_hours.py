"""Quiet hours: never inside them, never later than needed, never wider than the law."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.messaging.gate import hours
from blueprints.messaging.gate.laws import ELSEWHERE, LAWS, Law
from shopbell import clock
from shopbell.spans import Span

ZONES = ("Asia/Shanghai", "Asia/Ho_Chi_Minh", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
zones = st.sampled_from(ZONES).map(clock.zone)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1])
laws = st.sampled_from([*LAWS.values(), ELSEWHERE])


def inside(span: Span, zone: ZoneInfo, at: datetime) -> bool:
    return span[0] <= clock.local_minutes(at, zone)[1] < span[1]


@given(span=spans, zone=zones, now=instants)
def test_it_opens_within_the_hours_and_within_a_day(span: Span, zone: ZoneInfo, now: datetime) -> None:
    opening = hours.opens(span, zone, now)
    assert (opening is None) == inside(span, zone, now)
    if opening is not None:
        assert now < opening <= now + timedelta(hours=25)
        # Clocks that jump over the opening have to leave some of the hours after it.
        assert inside(span, zone, opening) or span[1] - span[0] <= 60


@given(span=spans, zone=zones, now=instants, share=st.floats(0, 0.999))
def test_nothing_before_the_opening_is_within_the_hours(
    span: Span, zone: ZoneInfo, now: datetime, share: float
) -> None:
    opening = hours.opens(span, zone, now)
    if opening is not None:
        between = now + (opening - now) * share
        assert not inside(span, zone, between)


@given(law=laws, channel=st.sampled_from(["sms", "email"]), own=st.none() | spans, zone=zones, now=instants)
def test_whatever_a_chain_says_the_law_holds(
    law: Law, channel: str, own: Span | None, zone: ZoneInfo, now: datetime
) -> None:
    allowed = law.hours.get(channel)
    window = hours.narrowed(allowed, own)
    if allowed is not None and window is not None:
        at = hours.opens(window, zone, now) or now
        assert inside(allowed, zone, at)


@pytest.mark.parametrize(("text", "span"), [("", None), ("08:00–21:00", (480, 1260)), ("8:30-24:00", (510, 1440))])
def test_hours_are_read_as_people_write_them(text: str, span: Span | None) -> None:
    assert hours.read(text) == span


@pytest.mark.parametrize(
    "text", ["9", "21:00–08:00", "08:00", "08:00–12:00, 13:00–18:00", "8:70–9:00", "x", "00:00–25:00"]
)
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no span"):
        hours.read(text)
