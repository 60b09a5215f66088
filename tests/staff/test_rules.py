"""Rosters against a count of every minute, and the letters of a badge."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.staff.rules import Shift, initials, worked

SPANS = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1]), max_size=4
)


def minutes(spans: list[tuple[int, int]]) -> set[int]:
    return {minute for start, end in spans for minute in range(start, end)}


@given(SPANS, SPANS, SPANS)
def test_work_is_the_week_without_leave_and_with_extra(
    weekly: list[tuple[int, int]], leave: list[tuple[int, int]], extra: list[tuple[int, int]]
) -> None:
    found = worked(weekly, leave, extra)
    assert minutes(found) == (minutes(weekly) - minutes(leave)) | minutes(extra)
    assert found == sorted(found)


def test_a_shift_covers_its_weekday_from_the_first_day_to_the_last() -> None:
    shift = Shift(0, 540, 1080, date(2026, 3, 2), date(2026, 3, 16))
    days = [date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 16), date(2026, 3, 23)]
    assert [shift.covers(day) for day in days] == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Linh Trần", "LT"), ("王小明", "小明"), ("王芳", "王芳"), ("Madonna", "MA"), ("", "?"), ("Ông Văn Ích", "ÔÍ")],
)
def test_a_badge_has_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
