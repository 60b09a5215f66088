"""When a customer is asked, and what about."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

STAGES = ("booking", "reception", "consultation", "service", "after")
"""A visit from beginning to end."""

PAUSE = timedelta(hours=3)
"""Long enough to be home and to have looked into a mirror, short enough to remember."""
EARLIEST, LATEST = time(9), time(20, 30)
STALE = timedelta(days=7)
"""Nobody is asked about a visit that the desk marked as done so late."""
LINK_LIFE = timedelta(days=30)
LONGEST = 1000
LOW = 2
"""So many stars or fewer want somebody's attention."""


def ask_at(done_at: datetime, zone: ZoneInfo) -> datetime:
    """Some hours after the visit, but at no hour at which a message is a nuisance: else next morning at nine."""
    local = (done_at + PAUSE).astimezone(zone)
    if EARLIEST <= local.time() <= LATEST:
        return done_at + PAUSE
    day = local.date() if local.time() < EARLIEST else local.date() + timedelta(days=1)
    return datetime.combine(day, EARLIEST, tzinfo=zone).astimezone(done_at.tzinfo)


def is_stale(ended_at: datetime, now: datetime) -> bool:
    return now - ended_at > STALE
