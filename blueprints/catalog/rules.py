"""Pure rules on opening hours. A span is (opens, closes) in minutes of the local day, 0 to 1440."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from shopbell.spans import Span, merged


def open_on(
    first_day: date,
    days: int,
    weekly: Mapping[int, Sequence[Span]],
    exceptions: Mapping[date, Sequence[Span]],
) -> dict[date, list[Span]]:
    """The spans of every day asked for. A day found in `exceptions` has those hours only, with none it is closed."""
    result = {}
    for number in range(days):
        day = first_day + timedelta(days=number)
        result[day] = merged(exceptions[day] if day in exceptions else weekly.get(day.weekday(), ()))
    return result
