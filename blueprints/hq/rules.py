"""Pure arithmetic of the overview: figures from daily counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

PERIOD = 28
WEEK = 7


class Count(Protocol):
    """What happened at a branch on a day; `booked` are all appointments that were not cancelled."""

    @property
    def branch_id(self) -> UUID: ...
    @property
    def day(self) -> date: ...
    @property
    def booked(self) -> int: ...
    @property
    def done(self) -> int: ...
    @property
    def no_show(self) -> int: ...
    @property
    def cancelled(self) -> int: ...


@dataclass(frozen=True)
class Day:
    """The chain's day."""

    day: date
    booked: int = 0
    done: int = 0
    no_show: int = 0
    cancelled: int = 0


@dataclass(frozen=True)
class BranchFigures:
    """A branch: appointments today, in the last seven days and in the next seven; `no_show_rate` of the period."""

    today: int
    last_week: int
    next_week: int
    no_show_rate: float | None


@dataclass(frozen=True)
class Figures:
    """The overview's numbers. `days` are the period's, today last; rates are 0 to 1, None when nobody was expected."""

    days: list[Day]
    today: int
    last_week: int
    week_before: int
    next_week: int
    no_show_rate: float | None
    no_show_rate_before: float | None
    branches: dict[UUID, BranchFigures]


def figures(counts: Iterable[Count], branch_ids: Sequence[UUID], today: date) -> Figures:
    """The numbers of the period that ends today, and of the seven days after it."""
    found = list(counts)
    days = chain_days(found, today)
    half = PERIOD // 2
    return Figures(
        days=days,
        today=days[-1].booked,
        last_week=sum(day.booked for day in days[-WEEK:]),
        week_before=sum(day.booked for day in days[-2 * WEEK : -WEEK]),
        next_week=sum(count.booked for count in found if is_next(count.day, today)),
        no_show_rate=no_show_rate(days[half:]),
        no_show_rate_before=no_show_rate(days[:half]),
        branches={branch_id: branch_figures(found, branch_id, today) for branch_id in branch_ids},
    )


def chain_days(counts: Iterable[Count], today: date) -> list[Day]:
    """One entry per day of the period, all branches together."""
    first = today - timedelta(days=PERIOD - 1)
    sums = {first + timedelta(days=number): [0, 0, 0, 0] for number in range(PERIOD)}
    for count in counts:
        if count.day in sums:
            amounts = (count.booked, count.done, count.no_show, count.cancelled)
            sums[count.day] = [a + b for a, b in zip(sums[count.day], amounts, strict=True)]
    return [Day(day, *amounts) for day, amounts in sums.items()]


def branch_figures(counts: Iterable[Count], branch_id: UUID, today: date) -> BranchFigures:
    own = [count for count in counts if count.branch_id == branch_id]
    return BranchFigures(
        today=sum(count.booked for count in own if count.day == today),
        last_week=sum(count.booked for count in own if today - timedelta(days=WEEK) < count.day <= today),
        next_week=sum(count.booked for count in own if is_next(count.day, today)),
        no_show_rate=no_show_rate([count for count in own if count.day <= today]),
    )


def is_next(day: date, today: date) -> bool:
    return today < day <= today + timedelta(days=WEEK)


class Visits(Protocol):
    @property
    def done(self) -> int: ...
    @property
    def no_show(self) -> int: ...


def no_show_rate(days: Iterable[Visits]) -> float | None:
    """The share of those expected who did not come, 0 to 1."""
    done = missed = 0
    for day in days:
        done, missed = done + day.done, missed + day.no_show
    return missed / (done + missed) if done + missed else None


def worth_drawing(days: Sequence[Day]) -> Sequence[Day]:
    """The days from the first appointment on, and at least two weeks: a young chain has no flat line before it."""
    first = next((number for number, day in enumerate(days) if day.booked), len(days))
    return days[min(first, len(days) - 2 * WEEK) :]
