"""Reads for a customer's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.account import rules
from blueprints.account.models import CustomerSession
from shopbell.http.agents import browser_name


@dataclass(frozen=True)
class OpenSession:
    """A browser in which the customer is signed in."""

    id: UUID
    browser: str
    last_seen_at: datetime


def open_sessions(session: Session, customer_id: UUID, *, at: datetime) -> list[OpenSession]:
    """Where the customer is signed in, the latest used first."""
    statement = select(CustomerSession.id, CustomerSession.agent, CustomerSession.last_seen_at).where(
        CustomerSession.customer_id == customer_id,
        CustomerSession.expires_at > at,
        CustomerSession.last_seen_at > at - rules.IDLE,
    )
    rows = session.execute(statement.order_by(CustomerSession.last_seen_at.desc()).limit(50))
    return [OpenSession(row.id, browser_name(row.agent), row.last_seen_at) for row in rows]
