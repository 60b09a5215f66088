"""Asking for a message now, and having it written in a transaction of its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from shopbell import clock, due

TELL = "messaging.tell"


def tell(session: Session, template: str, booking_id: UUID, *, version: int = 0) -> None:
    """Tell the customer of a booking, over every channel they have; once for each template and version."""
    payload = {"template": template, "booking": str(booking_id), "version": version}
    due.schedule(session, TELL, f"{booking_id}.{template}.{version}", clock.now(), payload)
