"""When busy days can be booked, which open later than others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import frames
from blueprints.booking.rules.timeline import midnight
from shopbell import clock


def opens_later(session: Session, branch_id: UUID, first_day: date, days: int) -> dict[date, datetime]:
    """The days of which some hours cannot be booked yet because they are busy ones, with the moment they can.

    Raises UnknownBranch.
    """
    frame = frames.frame(session, branch_id, first_day, days)
    found: dict[date, datetime] = {}
    for day in (first_day + timedelta(days=number) for number in range(days)):
        horizons = [peak.horizon_days for peak in frame.rulebook.peaks if peak.times.on(day)]
        opens = [midnight(day - timedelta(days=horizon), frame.zone) for horizon in horizons if horizon is not None]
        later = [moment for moment in opens if moment > clock.now()]
        if later:
            found[day] = min(later)
    return found
