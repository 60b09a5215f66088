"""Facts and their deliveries, stored: `shared.outbox`, `shared.deliveries`, and the relay's step between them.

A fact becomes one row of due work per reaction. A delivery row is written by the reaction's own transaction, under the
key (event, reaction): a reaction that runs again after a crash finds it and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import clock, due, ids
from shopbell.db import SharedBase

REACTION_KIND = "react."
RELAY_BATCH = 500


class OutboxRow(SharedBase):
    """A fact that was published and, once relayed, is only history."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_tenant_id_id_unrelayed", "tenant_id", "id", postgresql_where=text("relayed_at is null")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    relayed_at: Mapped[datetime | None]


class DeliveryRow(SharedBase):
    """A reaction that has handled a fact."""

    __tablename__ = "deliveries"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    reaction: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    done_at: Mapped[datetime]


def relay(session: Session, reactions: Mapping[str, Iterable[str]], *, limit: int = RELAY_BATCH) -> int:
    """Turn unrelayed facts into due work, one row per reaction. Returns how many facts were relayed.

    `reactions` maps an event's name to the names of its reactions. Several relays may run at once.
    """
    facts = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.relayed_at.is_(None))
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not facts:
        return 0
    now = clock.now()
    rows = [
        due.row(fact.tenant_id, REACTION_KIND + name, str(fact.id), now, {"event": fact.name, "data": fact.payload})
        for fact in facts
        for name in reactions.get(fact.name, ())
    ]
    if rows:
        session.execute(insert(due.DueWork).on_conflict_do_nothing(), rows)
    session.execute(update(OutboxRow).where(OutboxRow.id.in_([fact.id for fact in facts])).values(relayed_at=now))
    return len(facts)


def first_delivery(session: Session, event_id: UUID, reaction: str, tenant_id: UUID) -> bool:
    """Note that this reaction handles this fact; False when it already has."""
    statement = (
        insert(DeliveryRow)
        .values(event_id=event_id, reaction=reaction, tenant_id=tenant_id, done_at=clock.now())
        .on_conflict_do_nothing()
        .returning(DeliveryRow.event_id)
    )
    return session.execute(statement).first() is not None


KEEP_FACTS = timedelta(days=7)
KEEP_DELIVERIES = timedelta(days=35)
"""Longer than any due work may go on trying, so that a delivery is never forgotten while it could come again."""


def clear_history(session: Session) -> None:
    """Remove facts that were relayed and deliveries that were made long ago."""
    now = clock.now()
    session.execute(
        delete(OutboxRow).where(OutboxRow.id < ids.earliest(now - KEEP_FACTS), OutboxRow.relayed_at.is_not(None))
    )
    session.execute(delete(DeliveryRow).where(DeliveryRow.event_id < ids.earliest(now - KEEP_DELIVERIES)))
