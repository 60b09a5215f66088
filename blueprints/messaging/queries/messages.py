"""Reads of messages, as plain values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from blueprints.messaging.models import LETTER, Message
from blueprints.messaging.queries.undelivered import of_branches
from blueprints.messaging.rules import STATES
from shopbell import ids
from shopbell.vault.ring import Ring

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


def counts(session: Session, since: datetime, branches: Collection[UUID] | None = None) -> dict[str, int]:
    """How many messages written since then stand in each state; every state is named. `branches` None: of all."""
    amount = func.count().label("amount")
    statement = select(Message.state, amount).where(Message.id >= ids.earliest(since), *of_branches(branches))
    statement = statement.group_by(Message.state)
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
