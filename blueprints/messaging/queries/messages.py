"""Reads of messages, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from blueprints.messaging.models import LETTER, Message
from blueprints.messaging.rules import STATES
from shopbell import ids
from shopbell.vault.ring import Ring, ring

PAGE = 50
CONTENT = tuple(getattr(Message, name) for column in LETTER for name in (column.name, column.sealed_name))
"""What a message says and to whom, for `opened`."""


def opened(keys: Ring, row: Row[*tuple[Any, ...]]) -> Any:
    """A row selected with its `id` and columns of CONTENT; those have their values whatever form they lie in. Raises
    Unopened."""
    values = dict(row._mapping)
    for column in LETTER:
        sealed = values.pop(column.sealed_name, None)
        if sealed is not None:
            values[column.name] = keys.open(column, row.id, sealed)
    return SimpleNamespace(**values)


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


def _columns() -> Select[*tuple[Any, ...]]:
    plain = (getattr(Message, name) for name in MessageView.__dataclass_fields__)
    return select(*plain, Message.recipient_sealed, Message.recipient_name_sealed)


def _views(session: Session, statement: Select[*tuple[Any, ...]]) -> list[MessageView]:
    keys = ring(session)
    return [MessageView(**vars(opened(keys, row))) for row in session.execute(statement)]
