"""Browsers in which customers are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from blueprints.account import rules
from blueprints.account.models import CustomerSession
from shopbell import crypto, ids


@dataclass(frozen=True)
class Presence:
    """A customer signed in in a browser."""

    session_id: UUID
    customer_id: UUID


def start(session: Session, customer_id: UUID, *, agent: str, at: datetime) -> str:
    """A new session's token, for somebody who has shown who they are. Sessions of theirs that are over go."""
    over = (CustomerSession.expires_at <= at) | (CustomerSession.last_seen_at <= at - rules.IDLE)
    session.execute(delete(CustomerSession).where(CustomerSession.customer_id == customer_id, over))
    token = crypto.new_token()
    session.add(
        CustomerSession(
            token_hash=crypto.hash_token(token),
            id=ids.uuid7(),
            customer_id=customer_id,
            agent=agent[: rules.LONGEST_AGENT],
            created_at=at,
            last_seen_at=at,
            expires_at=at + rules.ABSOLUTE,
        )
    )
    session.flush()
    return token


def resume(session: Session, token: str, *, at: datetime) -> Presence | None:
    """Whose session this is, or None when there is none or it is over."""
    token_hash = crypto.hash_token(token)
    columns = (
        CustomerSession.id,
        CustomerSession.customer_id,
        CustomerSession.last_seen_at,
        CustomerSession.expires_at,
    )
    row = session.execute(select(*columns).where(CustomerSession.token_hash == token_hash)).first()
    if row is None or rules.is_over(row.last_seen_at, row.expires_at, at):
        return None
    if row.last_seen_at <= at - rules.TOUCH_EVERY:
        _touch(session, token_hash, at)
    return Presence(row.id, row.customer_id)


def end(session: Session, customer_id: UUID, session_id: UUID) -> bool:
    """End one session of a customer's. May be repeated; says whether there was one."""
    found = delete(CustomerSession).where(CustomerSession.customer_id == customer_id, CustomerSession.id == session_id)
    return session.scalar(found.returning(CustomerSession.id)) is not None


def end_all(session: Session, customer_id: UUID) -> None:
    """Sign the customer out everywhere. May be repeated."""
    session.execute(delete(CustomerSession).where(CustomerSession.customer_id == customer_id))


def _touch(session: Session, token_hash: str, at: datetime) -> None:
    """Note that the session is in use; requests side by side must not wait for each other over that."""
    mine = select(CustomerSession.token_hash).where(CustomerSession.token_hash == token_hash)
    free = mine.with_for_update(skip_locked=True)
    statement = update(CustomerSession).where(CustomerSession.token_hash.in_(free)).values(last_seen_at=at)
    session.execute(statement.execution_options(synchronize_session=False))
