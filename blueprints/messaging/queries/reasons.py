"""The latest messages to a customer with what was decided about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from blueprints.messaging.models import Message, MessageEvent

LATEST = 20


@dataclass(frozen=True)
class Decided:
    """A message and the last decision about it, as `gate.explain` reads it; None for one whose turn has not come."""

    id: UUID
    template: str
    purpose: str
    channel: str
    state: str
    created_at: datetime
    decision: dict[str, Any] | None


def decided(session: Session, customer_id: UUID) -> list[Decided]:
    """The newest first, in one query."""
    last = (
        select(MessageEvent.detail)
        .where(MessageEvent.message_id == Message.id, MessageEvent.kind == "decided")
        .order_by(MessageEvent.id.desc())
        .limit(1)
        .lateral()
    )
    columns = (Message.id, Message.template, Message.purpose, Message.channel, Message.state, Message.created_at)
    statement = (
        select(*columns, last.c.detail)
        .outerjoin(last, true())
        .where(Message.customer_id == customer_id)
        .order_by(Message.id.desc())
        .limit(LATEST)
    )
    return [Decided(*row) for row in session.execute(statement)]
