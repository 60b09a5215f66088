"""Accounts of staff: made, given a new password, closed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import OAuthConsent, OneTimeLink, Role, RoleAssignment, SignInStep, User, UserSession
from blueprints.access.service import passwords, records
from blueprints.access.service.throttle import THROTTLE
from shopbell import clock, crypto, ids
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.text import clean_name
from shopbell.throttle import subject


def create_user(  # noqa: PLR0917 - an account's own fields, in the order people name them
    session: Session,
    email: str,
    password: str,
    name: str,
    role: str,
    branch_ids: Iterable[UUID] = (),
    locale: str | None = None,
) -> UUID:
    """Open an account with a built-in role; no branches means all of them, and so it always is for head office.

    For commands and demo data: nobody is asked whether they may. Raises BadEmail, WeakPassword, BadAccount, EmailTaken.
    """
    if role not in rules.BUILT_IN:
        raise errors.BadAccount(_("An account needs a name, a role and one of our languages."))
    user_id = open_account(session, email, name, locale, password=password)
    role_id = session.scalar(select(Role.id).where(Role.key == role))
    limits = () if role == rules.HEAD_OFFICE else sorted(set(branch_ids))
    for branch_id in limits or (None,):
        session.add(RoleAssignment(id=ids.uuid7(), user_id=user_id, role_id=role_id, branch_id=branch_id))
    session.flush()
    return user_id


def open_account(session: Session, email: str, name: str, locale: str | None, *, password: str | None = None) -> UUID:
    """An account without a role; without a password nobody can sign in to it until they have chosen one.

    Raises BadEmail, WeakPassword, BadAccount, EmailTaken.
    """
    address = rules.account_email(email)
    if address is None:
        sentence = _("Enter an e-mail address, for example an@example.com.")
        raise errors.BadEmail(sentence, fields={"email": sentence})
    shown_name = clean_name(name)
    if not shown_name or len(shown_name) > rules.LONGEST_NAME:
        sentence = _("Enter a name of at most %(n)s characters.", n=rules.LONGEST_NAME)
        raise errors.BadAccount(sentence, fields={"name": sentence})
    if locale is not None and locale not in LOCALES:
        raise errors.BadAccount(_("Choose one of our languages."), fields={"locale": _("Choose one of our languages.")})
    values = {
        "id": ids.uuid7(),
        "email": address,
        "password_hash": passwords.rehashed(crypto.new_token())
        if password is None
        else passwords.hashed(password, address),
        "name": shown_name,
        "locale": locale,
        "created_at": clock.now(),
    }
    made: UUID | None = session.scalar(insert(User).values(values).on_conflict_do_nothing().returning(User.id))
    if made is None:
        sentence = _("Somebody signs in with this e-mail address already.")
        raise errors.EmailTaken(sentence, fields={"email": sentence})
    return made


def set_password(session: Session, user_id: UUID, password: str, *, by: UUID | None = None) -> None:
    """Give an account a new password; its sessions, open sign-ins and links end. Raises UnknownUser, WeakPassword."""
    email = session.scalar(select(User.email).where(User.id == user_id).with_for_update())
    if email is None:
        raise errors.UnknownUser()
    session.execute(update(User).where(User.id == user_id).values(password_hash=passwords.hashed(password, email)))
    for opened in (UserSession, SignInStep, OneTimeLink):
        session.execute(delete(opened).where(opened.user_id == user_id))
    THROTTLE.forget(session, subject("user", email))
    records.note(session, user_id, "password", by=by)


def set_active(session: Session, user_id: UUID, active: bool) -> None:
    """Close an account, which ends its sessions and what apps may do for it, or open it again. May be repeated.

    Raises UnknownUser.
    """
    changed = update(User).where(User.id == user_id).values(active=active).returning(User.id)
    if session.scalar(changed) is None:
        raise errors.UnknownUser()
    if not active:
        for held in (UserSession, OAuthConsent):
            session.execute(delete(held).where(held.user_id == user_id))
