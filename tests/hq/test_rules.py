"""The overview's arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from blueprints.hq.rules import PERIOD, figures, worth_drawing
from shopbell.charts import line_chart, round_up, sparkline

TODAY = date(2026, 3, 30)
HERE, THERE = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Count:
    branch_id: UUID
    day: date
    booked: int
    done: int = 0
    no_show: int = 0
    cancelled: int = 0


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_weeks_do_not_overlap_and_the_future_is_counted_apart() -> None:
    counts = [Count(HERE, ago(days), 1) for days in range(-8, 30)] + [Count(THERE, TODAY, 10)]
    found = figures(counts, [HERE, THERE], TODAY)
    assert (found.today, found.last_week, found.week_before, found.next_week) == (11, 17, 7, 7)
    assert len(found.days) == PERIOD
    assert found.days[-1].day == TODAY
    assert (found.branches[HERE].last_week, found.branches[HERE].next_week) == (7, 7)
    assert found.branches[THERE].today == 10


def test_the_no_show_rate_is_the_share_of_those_expected() -> None:
    counts = [Count(HERE, ago(1), 10, done=6, no_show=2, cancelled=5), Count(HERE, ago(20), 4, done=3, no_show=1)]
    found = figures(counts, [HERE, THERE], TODAY)
    assert (found.no_show_rate, found.no_show_rate_before) == (0.25, 0.25)
    assert found.branches[HERE].no_show_rate == 0.25
    assert found.branches[THERE].no_show_rate is None


def test_a_young_chain_is_drawn_from_its_first_day_but_at_least_two_weeks() -> None:
    def drawn(days: int) -> int:
        return len(worth_drawing(figures([Count(HERE, ago(days), 1)], [HERE], TODAY).days))

    assert (drawn(0), drawn(20), drawn(27)) == (14, 21, 28)
    assert len(worth_drawing(figures([], [], TODAY).days)) == 14


@given(st.integers(0, 10**6))
def test_axes_end_at_a_round_number_not_far_above(value: int) -> None:
    top = round_up(value)
    assert top >= value
    assert top % 4 == 0
    assert top <= max(4, value * 2.5)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40))
def test_lines_stay_inside_their_drawing(values: list[int]) -> None:
    chart = line_chart({"booked": values, "done": values[:-1]})
    for points in chart.lines.values():
        assert all(0 <= point.x <= chart.width and 0 <= point.y <= chart.height for point in points)
    for point in sparkline(values).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 96
        assert 0 <= y <= 28
