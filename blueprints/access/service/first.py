"""The first user of a chain that has just been made: from where it was ordered straight on to their password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import AccountRecord, OneTimeLink, User
from blueprints.access.service import links
from shopbell import crypto


def way_in(session: Session, email: str, *, at: datetime) -> str:
    """The path where somebody who was invited chooses a password, or signs in once they have one. Raises UnknownUser.

    For whoever has shown that the address is theirs: it is as good as the invitation itself, for an hour.
    """
    user_id = session.scalar(select(User.id).where(User.email == email))
    if user_id is None:
        raise errors.UnknownUser()
    chosen = select(AccountRecord.id).where(AccountRecord.user_id == user_id, AccountRecord.what == "password")
    if session.scalar(select(exists(chosen))):
        return "/sign-in"
    token, until = crypto.new_token(), at + rules.FORGOTTEN_LIFE
    session.add(OneTimeLink(token_hash=crypto.hash_token(token), user_id=user_id, created_at=at, expires_at=until))
    session.flush()
    return f"{links.PATH}{token}"
