"""Facts and their deliveries, stored: `shared.outbox`, `shared.deliveries`, and the relay's step between them.

A fact becomes one row of due work per reaction. A delivery row is written by the reaction's own transaction, under the
key (event, reaction): a reaction that runs again after a crash finds it and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Integer, Uuid, bindparam, delete, func, select, text, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import clock, due, ids
from shopbell.db import SharedBase, table
from shopbell.prepared import Prepared

REACTION_KIND = "react."
RELAY_BATCH = 500
SHARE = 50
"""How many facts of a tenant are relayed in one round at least, if it has so many."""


class OutboxRow(SharedBase):
    """A fact that was published and, once relayed, is only history."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_tenant_id_id_unrelayed", "tenant_id", "id", postgresql_where=text("relayed_at is null")),
    )

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


CHAINS = text(
    """
    with recursive chains as (
        (select tenant_id from shared.outbox where relayed_at is null order by tenant_id limit 1)
        union all
        select (
            select next.tenant_id from shared.outbox next
            where next.relayed_at is null and next.tenant_id > chains.tenant_id
            order by next.tenant_id limit 1
        )
        from chains where chains.tenant_id is not null
    )
    select tenant_id from chains where tenant_id is not null
    """
)


def relay(session: Session, reactions: Mapping[str, Iterable[str]], *, limit: int = RELAY_BATCH) -> int:
    """Turn unrelayed facts into due work, one row per reaction. Returns how many facts were relayed.

    `reactions` maps an event's name to the names of its reactions. Every tenant has its share of a round, so that
    nobody waits for another's flood. Several relays may run at once.
    """
    tenants = session.scalars(CHAINS).all()
    if not tenants:
        return 0
    facts = OLDEST_OF_EACH.run(session, {"tenants": list(tenants), "share": max(limit // len(tenants), SHARE)})
    now = clock.now()
    rows = [
        due.row(tenant_id, REACTION_KIND + reaction, str(fact_id), now, {"event": name, "data": payload})
        for fact_id, tenant_id, name, payload in facts
        for reaction in reactions.get(name, ())
    ]
    if rows:
        session.execute(insert(due.DueWork).on_conflict_do_nothing(), rows)
    session.execute(
        update(OutboxRow).where(OutboxRow.id.in_([fact_id for fact_id, *_ in facts])).values(relayed_at=now)
    )
    return len(facts)


def _oldest_of_each() -> Prepared:
    whose = func.unnest(bindparam("tenants", type_=ARRAY(Uuid))).table_valued("tenant", name="whose").render_derived()
    facts = (
        select(FACTS.c.id, FACTS.c.tenant_id, FACTS.c.name, FACTS.c.payload)
        .where(FACTS.c.tenant_id == whose.c.tenant, FACTS.c.relayed_at.is_(None))
        .order_by(FACTS.c.id)
        .limit(bindparam("share", type_=Integer))
        .with_for_update(skip_locked=True)
        .lateral("facts")
    )
    return Prepared(select(*facts.c).select_from(whose.join(facts, true())))


FACTS = table(OutboxRow)
OLDEST_OF_EACH = _oldest_of_each()
DELIVERED = Prepared(insert(table(DeliveryRow)).on_conflict_do_nothing().returning(table(DeliveryRow).c.event_id))


def first_delivery(session: Session, event_id: UUID, reaction: str, tenant_id: UUID) -> bool:
    """Note that this reaction handles this fact; False when it already has."""
    row = {"event_id": event_id, "reaction": reaction, "tenant_id": tenant_id, "done_at": clock.now()}
    return bool(DELIVERED.run(session, row))


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
