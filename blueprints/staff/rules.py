"""Pure rules on rosters. A span is (starts, ends) in minutes of the branch's local day, 0 to 1440."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shopbell.spans import Span, merged, without


@dataclass(frozen=True)
class Shift:
    """A weekly span (weekday 0 = Monday), valid on the dates from `valid_from` to `valid_to`, both included."""

    weekday: int
    starts: int
    ends: int
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )


def worked(weekly: Iterable[Span], leave: Iterable[Span], extra: Iterable[Span]) -> list[Span]:
    """A day's work: the weekly spans without leave, and extra work on top, which leave does not touch."""
    spans = merged(weekly)
    for taken in leave:
        spans = without(spans, taken)
    return merged([*spans, *extra])


def initials(name: str) -> str:
    """Two letters for a round badge: of the first and the last word, or the given name of a Chinese one."""
    words = name.split()
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][-2:] if _is_ideographic(words[0]) else words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def _is_ideographic(word: str) -> bool:
    return all("\u3400" <= letter <= "\u9fff" for letter in word)
