"""Quiet hours: from when on something may be sent."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shopbell.clock import local_minutes
from shopbell.spans import Span, parse_spans, usable


def narrowed(law: Span | None, own: Span | None) -> Span | None:
    """The law's hours as far as the chain's own ones leave them. Own hours outside of the law's change nothing."""
    if law is None or own is None:
        return law or own
    both = max(law[0], own[0]), min(law[1], own[1])
    return both if usable(both) else law


def opens(hours: Span, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The next instant at which clocks in the zone stand within the hours; None when they do now."""
    day, minute = local_minutes(now, zone)
    if hours[0] <= minute < hours[1]:
        return None
    first = datetime.combine(day, time.min) + timedelta(days=0 if minute < hours[0] else 1, minutes=hours[0])
    # Of a time that clocks jump over, the instant that reads later.
    return first.replace(tzinfo=zone).astimezone(UTC)


def read(text: str) -> Span | None:
    """The hours of "08:00–21:00", None for an empty text. Raises ValueError."""
    spans = parse_spans(text)
    if len(spans) > 1 or not all(usable(span) for span in spans):
        raise ValueError(f"{text!r} is no span of hours")
    return spans[0] if spans else None
