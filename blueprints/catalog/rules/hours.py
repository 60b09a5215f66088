"""When a branch is open, and short names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from blueprints.catalog.rules.holidays import NO_HOLIDAYS, HolidayRule, spans_by_rule
from shopbell.spans import Span, merged
from shopbell.text import search_key


def open_on(
    first_day: date,
    days: int,
    weekly: Mapping[int, Sequence[Span]],
    exceptions: Mapping[date, Sequence[Span]],
    holidays: HolidayRule = NO_HOLIDAYS,
) -> dict[date, list[Span]]:
    """The spans of every day asked for.

    A day found in `exceptions` has those hours only, with none it is closed. Otherwise an official holiday or a
    make-up working day has what `holidays` says, and every other day the hours of its weekday.
    """
    result = {}
    for number in range(days):
        day = first_day + timedelta(days=number)
        result[day] = merged(exceptions[day] if day in exceptions else spans_by_rule(day, weekly, holidays))
    return result


@dataclass(frozen=True)
class State:
    """What a branch is doing: "open" until `minute`, "later" opening at `minute`, "closed" for today, or "paused"."""

    kind: str
    minute: int | None = None


def state(is_open: bool, spans: Sequence[Span], minute: int) -> State:
    """The state at a minute of the day that has these spans; a branch that is not `is_open` takes no bookings."""
    if not is_open:
        return State("paused")
    for opens, closes in spans:
        if minute < opens:
            return State("later", opens)
        if minute < closes:
            return State("open", closes)
    return State("closed")


def slug_from(name: str) -> str:
    """A short name for addresses made of a name's Latin letters and digits; empty when it has none."""
    return "-".join(re.findall(r"[a-z0-9]+", search_key(name)))[:40].strip("-")
