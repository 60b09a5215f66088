"""Reads of messages, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from blueprints.messaging.models import Message
from blueprints.messaging.rules import STATES
from shopbell import ids

PAGE = 50


@dataclass(frozen=True)
class MessageView:
    """A message as staff see it. `unknown_at` is set when it was ever in doubt, `resends` counts repeats."""

    id: UUID
    booking_id: UUID | None
    template: str
    channel: str
    locale: str
    recipient: str
    recipient_name: str
    subject: str
    body: str
    segments: int
    state: str
    attempts: int
    resends: int
    provider_error: str | None
    created_at: datetime
    unknown_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None


def latest(session: Session, *, state: str = "", before: UUID | None = None) -> list[MessageView]:
    """A page of messages, newest first; `before` is the id that ended the page before."""
    statement = _columns().order_by(Message.id.desc()).limit(PAGE)
    if state:
        statement = statement.where(Message.state == state)
    if before is not None:
        statement = statement.where(Message.id < before)
    return _views(session, statement)


def counts(session: Session, since: datetime) -> dict[str, int]:
    """How many messages written since then stand in each state; every state is named."""
    amount = func.count().label("amount")
    statement = select(Message.state, amount).where(Message.created_at >= since).group_by(Message.state)
    return dict.fromkeys(STATES, 0) | {row.state: row.amount for row in session.execute(statement)}


def left_since(session: Session, since: datetime) -> int:
    """How many messages written since then have left; a range of the primary key."""
    gone = (Message.id >= ids.earliest(since), Message.state.in_(("sent", "delivered", "unknown")))
    return session.scalar(select(func.count()).select_from(Message).where(*gone)) or 0


def failed(session: Session) -> int:
    """How many messages were given up and are there for somebody to look at."""
    return session.scalar(select(func.count()).select_from(Message).where(Message.state == "failed")) or 0


def oldest_unsent(session: Session) -> datetime | None:
    """When the oldest message was written that has not left and was not given up."""
    return session.scalar(select(func.min(Message.created_at)).where(Message.state.in_(("queued", "sending"))))


def is_text_message(session: Session, message_id: UUID) -> bool:
    """Whether there is such a message, and a provider may send receipts for it."""
    statement = select(Message.id).where(Message.id == message_id, Message.channel == "sms")
    return session.execute(statement).first() is not None


def _columns() -> Select[tuple[object, ...]]:
    return select(*(getattr(Message, name) for name in MessageView.__dataclass_fields__))


def _views(session: Session, statement: Select[tuple[object, ...]]) -> list[MessageView]:
    rows: Sequence[object] = session.execute(statement).all()
    return [MessageView(*row) for row in rows]  # type: ignore[misc]
