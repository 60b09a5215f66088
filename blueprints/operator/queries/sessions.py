"""Where an operator is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.operator import rules
from blueprints.operator.models import OperatorSession
from shopbell import crypto
from shopbell.http.agents import browser_name

MOST = 50


@dataclass(frozen=True)
class SessionView:
    """A browser that is signed in."""

    id: UUID
    browser: str
    address: str
    last_seen_at: datetime


def open_sessions(directory: Session, operator_id: UUID, *, at: datetime) -> list[SessionView]:
    """The latest first."""
    open_ones = (
        OperatorSession.operator_id == operator_id,
        OperatorSession.proved_at.is_not(None),
        OperatorSession.expires_at > at,
        OperatorSession.last_seen_at > at - rules.IDLE,
    )
    latest = select(OperatorSession).where(*open_ones).order_by(OperatorSession.last_seen_at.desc()).limit(MOST)
    return [
        SessionView(row.id, browser_name(row.agent), row.address, row.last_seen_at) for row in directory.scalars(latest)
    ]


def id_of(directory: Session, token: str) -> UUID | None:
    """Which session a token is of."""
    return directory.scalar(select(OperatorSession.id).where(OperatorSession.token_hash == crypto.hash_token(token)))
