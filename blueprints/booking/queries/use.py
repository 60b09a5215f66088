"""How much the booking book is used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking
from shopbell import ids


def made_since(session: Session, since: datetime) -> int:
    """How many appointments were made since then, be they cancelled by now; a range of the primary key."""
    made = (Booking.id >= ids.earliest(since), Booking.service_id.is_not(None), Booking.status != "held")
    return session.scalar(select(func.count()).select_from(Booking).where(*made)) or 0
