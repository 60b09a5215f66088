"""History that is written down afterwards is not told again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from shopbell.due import DueWork
from shopbell.outbox import OutboxRow
from shopbell.tenancy import current_tenant


def say_nothing_of(session: Session, known: Sequence[UUID], now: datetime, *, key: str = "booking_id") -> None:
    """Take back the facts about these appointments (or what else `key` names), written in this transaction, and the
    reminders due before now.

    Their customers would have been told days ago. Reminders that lie ahead stay.
    """
    session.flush()
    names, tenant_id = [str(found) for found in known], current_tenant().id
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.tenant_id == tenant_id,
            OutboxRow.relayed_at.is_(None),
            OutboxRow.payload[key].astext.in_(names),
        )
        .values(relayed_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(DueWork)
        .where(DueWork.tenant_id == tenant_id, DueWork.due_at <= now, DueWork.key.in_(names))
        .execution_options(synchronize_session=False)
    )
