"""Accounts of staff: made, listed, given a new password, closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import User, UserSession
from blueprints.access.service import passwords, throttle
from shopbell import clock, ids
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.text import clean_name


@dataclass(frozen=True)
class Account:
    """A member of staff as others see them. `branch_ids` None means every branch of the chain."""

    id: UUID
    email: str
    name: str
    role: str
    branch_ids: frozenset[UUID] | None
    locale: str | None
    active: bool


ACCOUNT = (User.id, User.email, User.name, User.role, User.branch_ids, User.locale, User.active)


def account(row: Row[*tuple[Any, ...]]) -> Account:
    """A row that holds the columns of ACCOUNT, as a value. HQ is never limited to branches."""
    limited = row.role != "hq" and row.branch_ids
    branch_ids = frozenset(row.branch_ids) if limited else None
    return Account(row.id, row.email, row.name, row.role, branch_ids, row.locale, row.active)


def create_user(  # noqa: PLR0917 - an account's own fields, in the order people name them
    session: Session,
    email: str,
    password: str,
    name: str,
    role: str,
    branch_ids: Iterable[UUID] = (),
    locale: str | None = None,
) -> UUID:
    """Open an account; no branches means all of them. Raises BadEmail, WeakPassword, BadAccount, EmailTaken."""
    address = rules.account_email(email)
    if address is None:
        sentence = _("Enter an e-mail address, for example an@example.com.")
        raise errors.BadEmail(sentence, fields={"email": sentence})
    shown_name = clean_name(name)
    if role not in rules.ROLES or not shown_name or (locale is not None and locale not in LOCALES):
        raise errors.BadAccount(_("An account needs a name, a role and one of our languages."))
    values = {
        "id": ids.uuid7(),
        "email": address,
        "password_hash": passwords.hashed(password, address),
        "name": shown_name,
        "role": role,
        "branch_ids": sorted(set(branch_ids)),
        "locale": locale,
        "created_at": clock.now(),
    }
    made: UUID | None = session.scalar(insert(User).values(values).on_conflict_do_nothing().returning(User.id))
    if made is None:
        sentence = _("Somebody signs in with this e-mail address already.")
        raise errors.EmailTaken(sentence, fields={"email": sentence})
    return made


def set_password(session: Session, user_id: UUID, password: str) -> None:
    """Give an account a new password and end all its sessions. Raises UnknownUser, WeakPassword."""
    email = session.scalar(select(User.email).where(User.id == user_id).with_for_update())
    if email is None:
        raise errors.UnknownUser()
    session.execute(update(User).where(User.id == user_id).values(password_hash=passwords.hashed(password, email)))
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    throttle.forget(session, throttle.subject("user", email))


def set_active(session: Session, user_id: UUID, active: bool) -> None:
    """Close an account, which ends all its sessions, or open it again. May be repeated. Raises UnknownUser."""
    changed = update(User).where(User.id == user_id).values(active=active).returning(User.id)
    if session.scalar(changed) is None:
        raise errors.UnknownUser()
    if not active:
        session.execute(delete(UserSession).where(UserSession.user_id == user_id))


def users(session: Session) -> list[Account]:
    """Every account, open or closed, by name."""
    return [account(row) for row in session.execute(select(*ACCOUNT).order_by(User.name, User.id))]
