"""What head office does with accounts. Nobody touches the account of somebody who may more than they do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.access import errors, queries
from blueprints.access.service import links, records, roles, sessions, totp, users
from blueprints.access.service.roles import Wanted
from shopbell import clock, crypto
from shopbell.auth import Permissions, Principal
from shopbell.i18n import gettext as _
from shopbell.tenancy import TenantContext


def invite(
    session: Session,
    email: str,
    name: str,
    locale: str | None,
    wanted: Iterable[Wanted],
    *,
    by: Principal,
    known: Permissions,
    at: datetime,
) -> UUID:
    """Open an account with roles and send its owner a link to choose a password.

    Raises BadEmail, BadAccount, EmailTaken, BeyondOwnRights.
    """
    user_id = users.open_account(session, email, name, locale)
    chosen = list(wanted)
    if not chosen:
        sentence = _("Choose at least one role.")
        raise errors.BadAccount(sentence, fields={"roles": sentence})
    roles.set_roles(session, user_id, chosen, by=by, known=known)
    links.send(session, user_id, "invitation", by=by.id, at=at)
    return user_id


def invite_owner(session: Session, email: str, chain: TenantContext) -> None:
    """Let somebody be head office in a chain that has just been made, and send them a link to choose a password.

    Harmless to repeat. Raises BadEmail.
    """
    try:
        with session.begin_nested():
            user_id = users.create_user(session, email, crypto.new_token(), chain.name[:80], "hq", [], chain.locale)
    except errors.EmailTaken:
        return
    links.send(session, user_id, "invitation", by=None, at=clock.now())


def send_link(session: Session, user_id: UUID, *, by: Principal, known: Permissions, at: datetime) -> None:
    """Send a link for a new password. Raises UnknownUser, BeyondOwnRights, AccountClosed."""
    roles.require_not_above(session, user_id, by=by, known=known)
    if not queries.account(session, user_id).active:
        raise errors.AccountClosed()
    links.send(session, user_id, "password_link", by=by.id, at=at)


def close(session: Session, user_id: UUID, *, by: Principal, known: Permissions) -> None:
    """Nobody signs in with it any more; all its sessions end. Raises UnknownUser, BeyondOwnRights, LastHeadOffice."""
    roles.lock_user(session, user_id)
    roles.require_not_above(session, user_id, by=by, known=known)
    roles.keep_head_office(session, user_id)
    users.set_active(session, user_id, False)
    records.note(session, user_id, "closed", by=by.id)


def reopen(session: Session, user_id: UUID, *, by: Principal, known: Permissions) -> None:
    """Raises UnknownUser, BeyondOwnRights."""
    roles.require_not_above(session, user_id, by=by, known=known)
    users.set_active(session, user_id, True)
    records.note(session, user_id, "opened", by=by.id)


def end_sessions(session: Session, user_id: UUID, *, by: Principal, known: Permissions) -> None:
    """Sign somebody out everywhere. Raises UnknownUser, BeyondOwnRights."""
    roles.require_not_above(session, user_id, by=by, known=known)
    sessions.end_all(session, user_id)
    records.note(session, user_id, "signed_out", by=by.id)


def reset_totp(session: Session, user_id: UUID, *, by: Principal, known: Permissions) -> None:
    """For somebody who lost their phone and their codes. Raises UnknownUser, BeyondOwnRights."""
    roles.require_not_above(session, user_id, by=by, known=known)
    totp.switch_off(session, user_id, by=by.id)
    sessions.end_all(session, user_id)
