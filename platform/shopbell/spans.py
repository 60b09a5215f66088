"""Spans of a local day: (start, end) in minutes, 0 to 1440, the end not included."""

from __future__ import annotations

import re
from collections.abc import Iterable

Span = tuple[int, int]
WHOLE_DAY: Span = (0, 1440)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same minutes as few spans, in order: overlapping and touching ones become one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def without(spans: Iterable[Span], taken: Span) -> list[Span]:
    """What is left of the spans when the minutes of `taken` are cut out."""
    left: list[Span] = []
    for start, end in spans:
        if start < min(end, taken[0]):
            left.append((start, min(end, taken[0])))
        if max(start, taken[1]) < end:
            left.append((max(start, taken[1]), end))
    return left


def overlap(spans: Iterable[Span]) -> bool:
    """Whether two of the spans share a minute."""
    reached = 0
    for start, end in sorted(spans):
        if start < reached:
            return True
        reached = end
    return False


_DASH = r"\s*(?:-|–|—|~|～|至|to)\s*"
_TIME = r"(\d{1,2})[:：.](\d{2})"
_SPAN = re.compile(_TIME + _DASH + _TIME)
NOT_A_SPAN: Span = (-1, -1)


def clock_text(minute: int) -> str:
    """A minute of the day as clocks show it, 24:00 for the end of it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def spans_text(spans: Iterable[Span]) -> str:
    """Spans as people write them: "09:00–12:30, 13:30–18:00"."""
    return ", ".join(f"{clock_text(start)}–{clock_text(end)}" for start, end in spans)


def parse_spans(text: str) -> list[Span]:
    """Spans from what people write; an empty text has none. A part that is no span becomes NOT_A_SPAN."""
    parts = [part.strip() for part in re.split(r"[,;，；、\n]", text) if part.strip()]
    return [_parse_span(part) for part in parts]


def _parse_span(part: str) -> Span:
    found = _SPAN.fullmatch(part)
    if found is None:
        return NOT_A_SPAN
    hour, minute, last_hour, last_minute = map(int, found.groups())
    if minute > 59 or last_minute > 59:
        return NOT_A_SPAN
    return hour * 60 + minute, last_hour * 60 + last_minute


def usable(span: Span) -> bool:
    """Whether the span lies inside one day and has an end after its start."""
    return 0 <= span[0] < span[1] <= WHOLE_DAY[1]
