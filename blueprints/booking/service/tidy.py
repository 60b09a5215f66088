"""What of the booking book has served its time. Appointments stay: they are the customer's history."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking, Series, WalkIn
from shopbell import clock, housekeeping

KEPT = timedelta(days=400)
"""A year and a month, so that this season can be compared with the last one."""
IMPORTED_KEPT = timedelta(days=30)
"""For time blocked by somebody's own calendar, removed or not: it says when a person was away, and nothing else."""

old_walk_ins = housekeeping.older_than(KEPT, WalkIn, WalkIn.arrived_at)


def old_series(session: Session) -> None:
    """Of a series whose last visit is long over the visits stay, without the link between them."""
    since = clock.now() - KEPT
    goes_on = exists().where(Booking.series_id == Series.id, Booking.starts_at >= since)
    session.execute(
        delete(Series).where(Series.first_starts_at < since, ~goes_on).execution_options(synchronize_session=False)
    )


def old_blocks(session: Session) -> None:
    """Blocked time that is over, whether or not it was given back before."""
    over, long_over = clock.now() - IMPORTED_KEPT, clock.now() - KEPT
    served = (Booking.source == "import") | (Booking.ends_at < long_over)
    session.execute(
        delete(Booking)
        .where(Booking.service_id.is_(None), Booking.ends_at < over, served)
        .execution_options(synchronize_session=False)
    )
