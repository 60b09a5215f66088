"""Spans of a local day: (start, end) in minutes, 0 to 1440, the end not included."""

from __future__ import annotations

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
