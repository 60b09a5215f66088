"""Opening hours and states, against a count of every minute."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from blueprints.catalog.rules import State, open_on, slug_from, state
from shopbell.spans import Span, merged, overlap, parse_spans, spans_text, without

MONDAY = date(2026, 3, 2)
SPANS = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1]), max_size=6
)


def minutes(spans: list[Span]) -> set[int]:
    return {minute for start, end in spans for minute in range(start, end)}


@given(SPANS)
def test_merging_keeps_every_minute_and_leaves_gaps_between_spans(spans: list[Span]) -> None:
    result = merged(spans)
    assert minutes(result) == minutes(spans)
    assert all(one[1] < other[0] for one, other in pairwise(result))


@given(SPANS, SPANS)
def test_cutting_out_takes_exactly_those_minutes(spans: list[Span], cuts: list[Span]) -> None:
    left = merged(spans)
    for cut in cuts:
        left = without(left, cut)
    assert minutes(left) == minutes(spans) - minutes(cuts)


@given(SPANS)
def test_spans_overlap_when_a_minute_is_in_two(spans: list[Span]) -> None:
    assert overlap(spans) == (sum(end - start for start, end in spans) != len(minutes(spans)))


@given(SPANS)
def test_what_is_shown_in_a_field_is_read_back(spans: list[Span]) -> None:
    assert parse_spans(spans_text(spans)) == spans


def test_spans_are_read_as_people_write_them() -> None:
    assert parse_spans("9:00 - 12:30; 13.30–24:00") == [(540, 750), (810, 1440)]
    assert parse_spans("09：00～18：00、19:00至20:00") == [(540, 1080), (1140, 1200)]
    assert parse_spans("  ") == []
    assert parse_spans("nine to five") == [(-1, -1)]


def test_a_day_of_its_own_replaces_the_weekday() -> None:
    weekly = {0: [(780, 1080), (540, 720)], 1: [(540, 1080)]}
    exceptions = {MONDAY: [(600, 660)], MONDAY + timedelta(days=1): []}
    found = open_on(MONDAY, 8, weekly, exceptions)
    assert found[MONDAY] == [(600, 660)]
    assert found[MONDAY + timedelta(days=1)] == []
    assert found[MONDAY + timedelta(days=2)] == []
    assert found[MONDAY + timedelta(days=7)] == [(540, 720), (780, 1080)]


def test_a_branch_says_what_it_is_doing() -> None:
    day = [(540, 720), (780, 1080)]
    assert state(True, day, 539) == State("later", 540)
    assert state(True, day, 540) == State("open", 720)
    assert state(True, day, 720) == State("later", 780)
    assert state(True, day, 1080) == State("closed")
    assert state(False, day, 600) == State("paused")


def test_a_short_name_is_made_of_latin_letters() -> None:
    assert slug_from("Khám mắt & đo kính") == "kham-mat-do-kinh"
    assert slug_from("验光") == ""
