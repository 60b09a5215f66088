"""Browsers on their way to a provider and back: each comes back once, within minutes, and is the one that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import ProviderVisit
from blueprints.access.oidc import Sent
from shopbell import crypto


@dataclass(frozen=True)
class Visit:
    """Where a browser was sent and what for; `user_id` is who tries a connection out."""

    provider_id: UUID
    purpose: str
    user_id: UUID | None
    target: str


def begin(session: Session, browser: str | None, visit: Visit, *, at: datetime) -> Sent:
    """Note that a browser is sent; `browser` is the secret it has from before, if it has one."""
    sent = Sent(browser or crypto.new_token(), crypto.new_token())
    row = ProviderVisit(state_hash=crypto.hash_token(sent.state), browser_hash=crypto.hash_token(sent.secret))
    row.provider_id, row.purpose, row.user_id = visit.provider_id, visit.purpose, visit.user_id
    row.target, row.created_at, row.expires_at = visit.target, at, at + rules.STEP_LIFE
    session.add(row)
    session.flush()
    return sent


def end(session: Session, sent: Sent, *, at: datetime) -> Visit | None:
    """The visit that this browser comes back from; None when there is none of its own, or it is over, or ended."""
    own = (
        ProviderVisit.state_hash == crypto.hash_token(sent.state),
        ProviderVisit.browser_hash == crypto.hash_token(sent.secret),
    )
    columns = ProviderVisit.provider_id, ProviderVisit.purpose, ProviderVisit.user_id, ProviderVisit.target
    row = session.execute(delete(ProviderVisit).where(*own).returning(*columns, ProviderVisit.expires_at)).first()
    return Visit(*row[:4]) if row and row.expires_at > at else None
