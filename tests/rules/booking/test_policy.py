"""How far ahead a branch can be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from blueprints.booking.rules import policy
from shopbell import clock


@dataclass(frozen=True)
class Rules:
    slot_minutes: int = 15
    lead_minutes: int = 30
    horizon_days: int = 60
    cancel_deadline_minutes: int = 120


@pytest.mark.parametrize(
    ("zone", "now", "ends"),
    [
        ("Asia/Shanghai", "2026-03-02T01:00:00", "2026-05-01T16:00:00"),
        # In these places a summer time begins at midnight, so the day after the last one begins at one o'clock.
        ("Africa/Cairo", "2027-02-28T01:00:00", "2027-04-29T22:00:00"),
        ("Asia/Beirut", "2027-01-26T01:00:00", "2027-03-27T22:00:00"),
        ("America/Santiago", "2026-07-08T01:00:00", "2026-09-06T04:00:00"),
    ],
)
def test_booking_opens_up_to_the_end_of_the_last_day_even_where_midnight_is_skipped(zone: str, now: str, ends: str):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert policy.horizon(Rules(), at, clock.zone(zone)) == datetime.fromisoformat(ends).replace(tzinfo=UTC)
