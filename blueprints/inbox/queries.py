"""Reads of conversations, as plain values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true, tuple_
from sqlalchemy.orm import Session

from blueprints.inbox.errors import UnknownConversation
from blueprints.inbox.models import NUMBER, WORDS, Conversation, Entry
from shopbell.vault import keys

PAGE = 25
ENTRIES = 100
"""So many entries of a conversation are shown, the latest ones."""


@dataclass(frozen=True)
class ConversationView:
    """A conversation as staff see it; `number` is in E.164."""

    id: UUID
    branch_id: UUID | None
    customer_id: UUID | None
    number: str
    state: str
    unread: int
    assigned_id: UUID | None
    assigned: str
    last_at: datetime


@dataclass(frozen=True)
class EntryView:
    """`kind` is in, out or done; `done` says what was done by itself."""

    id: UUID
    kind: str
    at: datetime
    words: str
    author: str
    done: str | None
    booking_id: UUID | None


_COLUMNS = (
    Conversation.id,
    Conversation.branch_id,
    Conversation.customer_id,
    Conversation.number_sealed,
    Conversation.state,
    Conversation.unread,
    Conversation.assigned_id,
    Conversation.assigned,
    Conversation.last_at,
)


def conversations(
    session: Session, state: str, within: Collection[UUID] | None, before: UUID | None = None, limit: int = PAGE
) -> list[ConversationView]:
    """A page, the latest first; `before` is the one that ended the page before. `within` None: every branch's."""
    statement = select(*_COLUMNS).where(Conversation.state == state, *_of(within))
    if before is not None:
        last = select(Conversation.last_at).where(Conversation.id == before).scalar_subquery()
        statement = statement.where(tuple_(Conversation.last_at, Conversation.id) < tuple_(last, before))
    rows = session.execute(statement.order_by(Conversation.last_at.desc(), Conversation.id.desc()).limit(limit))
    return [_view(session, row) for row in rows]


def conversation(session: Session, conversation_id: UUID) -> ConversationView:
    """Raises UnknownConversation."""
    row = session.execute(select(*_COLUMNS).where(Conversation.id == conversation_id)).first()
    if row is None:
        raise UnknownConversation
    return _view(session, row)


def entries(session: Session, conversation_id: UUID) -> list[EntryView]:
    """What was said, oldest first; of a long conversation its end."""
    ring = keys.at_hand(session)
    statement = select(Entry).where(Entry.conversation_id == conversation_id).order_by(Entry.id.desc()).limit(ENTRIES)
    # Two texts that come at once may be heard of in another order.
    rows = sorted(session.scalars(statement), key=lambda row: (row.at, row.id))
    return [
        EntryView(
            row.id,
            row.kind,
            row.at,
            ring.shown(WORDS, row.id, "", row.words_sealed) or "",
            row.author,
            row.done,
            row.booking_id,
        )
        for row in rows
    ]


def last_words(session: Session, conversation_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """What was said last in each of these: its kind, in or out, and the words."""
    ring = keys.at_hand(session)
    last = (
        select(Entry.id, Entry.kind, Entry.words_sealed)
        .where(Entry.conversation_id == Conversation.id, Entry.kind != "done")
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(1)
        .lateral()
    )
    statement = select(Conversation.id, last.c.id, last.c.kind, last.c.words_sealed).join(last, true())
    rows = session.execute(statement.where(Conversation.id.in_(conversation_ids)))
    return {found: (kind, ring.shown(WORDS, entry_id, "", sealed) or "") for found, entry_id, kind, sealed in rows}


def unread(session: Session, within: Collection[UUID] | None) -> int:
    """How many conversations hold something that nobody has read."""
    waiting = (Conversation.state == "open", Conversation.unread > 0, *_of(within))
    return session.scalar(select(func.count()).select_from(Conversation).where(*waiting)) or 0


def _of(within: Collection[UUID] | None) -> tuple[ColumnElement[bool], ...]:
    return () if within is None else (Conversation.branch_id.in_(within),)


def _view(session: Session, row: Any) -> ConversationView:
    values = row._asdict()
    sealed = values.pop("number_sealed")
    number = keys.at_hand(session).shown(NUMBER, row.id, "", sealed) or ""
    return ConversationView(**values, number=number)
