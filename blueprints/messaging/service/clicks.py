"""Links of messages that were followed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from blueprints.messaging.models import MessageEvent
from shopbell import clock, ids


def note_click(session: Session, message_id: UUID) -> None:
    """Write down that somebody followed the link in a message."""
    row = {"id": ids.uuid7(), "message_id": message_id, "at": clock.now(), "kind": "click", "detail": {}}
    session.execute(insert(MessageEvent).values(row))
