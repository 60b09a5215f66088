"""One-time links by which people choose a password: sent to their address, used once, gone after a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules
from blueprints.access.models import OneTimeLink, User
from blueprints.access.service import records, roles, users
from blueprints.messaging import api as messaging
from blueprints.messaging.api import StaffNotice
from shopbell import crypto, ids, runtime
from shopbell.tenancy import current_tenant

PATH = "/welcome/"


def send(session: Session, user_id: UUID, template: str, *, by: UUID | None, at: datetime) -> None:
    """Send a link; those sent before are worth nothing from now on. Raises UnknownUser, NoMailbox."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id))
    add(session, user_id, template, life=rules.LINK_LIFE, by=by, at=at)


def add(session: Session, user_id: UUID, template: str, *, life: timedelta, by: UUID | None, at: datetime) -> None:
    """Send a link beside those sent before; the first that is used ends them all. Raises UnknownUser, NoMailbox."""
    account, token, until = queries.account(session, user_id), crypto.new_token(), at + life
    if not account.mailbox:
        raise errors.NoMailbox()
    session.add(OneTimeLink(token_hash=crypto.hash_token(token), user_id=user_id, created_at=at, expires_at=until))
    records.note(session, user_id, template, by=by)
    address = f"{runtime.settings().tenant_url(current_tenant().host)}{PATH}{token}"
    notice = StaffNotice(template, ids.uuid7(), account.name, account.email, account.locale, address, until)
    messaging.tell_staff(session, notice)


def owner(session: Session, token: str, *, at: datetime) -> queries.Account:
    """Whose link it is. Raises UnknownLink when it was used, replaced or is over, or the account is closed."""
    statement = (
        select(OneTimeLink.user_id)
        .join(User, User.id == OneTimeLink.user_id)
        .where(OneTimeLink.token_hash == crypto.hash_token(token), OneTimeLink.expires_at > at, User.active)
    )
    user_id = session.scalar(statement)
    if user_id is None:
        raise errors.UnknownLink()
    return queries.account(session, user_id)


def redeem(session: Session, token: str, password: str, *, at: datetime) -> None:
    """Let its owner have this password, and end the link and all sessions. Raises UnknownLink, WeakPassword."""
    account = owner(session, token, at=at)
    roles.lock_user(session, account.id)
    owner(session, token, at=at)
    users.set_password(session, account.id, password, by=account.id)
