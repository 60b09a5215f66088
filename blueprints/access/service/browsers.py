"""Browsers in which somebody has signed in before: the cookie holds a random token, the table its hash."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import KnownBrowser
from shopbell import crypto


def is_known(session: Session, token: str | None, user_id: UUID, *, at: datetime) -> bool:
    """Whether this person has signed in in this browser, within the last months."""
    if not token:
        return False
    found = select(KnownBrowser.user_id).where(
        KnownBrowser.token_hash == crypto.hash_token(token),
        KnownBrowser.user_id == user_id,
        KnownBrowser.used_at > at - rules.BROWSER_KNOWN,
    )
    return bool(session.scalar(select(exists(found))))


def is_new_place(session: Session, token: str | None, user_id: UUID, address: str, *, at: datetime) -> bool:
    """Whether somebody who has signed in before comes with a browser and from an address that are both new for them."""
    known = session.execute(
        select(KnownBrowser.token_hash, KnownBrowser.address).where(
            KnownBrowser.user_id == user_id, KnownBrowser.used_at > at - rules.BROWSER_KNOWN
        )
    ).all()
    mine = crypto.hash_token(token) if token else ""
    return bool(known) and not any(row.token_hash == mine or row.address == address for row in known)


def remember(session: Session, token: str | None, user_id: UUID, address: str, *, at: datetime) -> str:
    """Know the browser from now on; returns the token it keeps, a new one if it had none."""
    kept = token or crypto.new_token()
    values = {"token_hash": crypto.hash_token(kept), "user_id": user_id, "address": address, "used_at": at}
    statement = insert(KnownBrowser).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[KnownBrowser.token_hash, KnownBrowser.user_id], set_={"address": address, "used_at": at}
        )
    )
    return kept
