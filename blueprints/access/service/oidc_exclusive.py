"""Leaving people no way in but their provider, and one account for the day on which it fails."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import (
    AccountRecord,
    Identity,
    IdentityProvider,
    Role,
    RoleAssignment,
    User,
    UserSession,
)
from blueprints.access.queries import ACCOUNT, Account, account_of
from blueprints.access.service import oidc_settings, records, roles
from shopbell.auth import Permissions, Principal
from shopbell.i18n import gettext as _


def rescues(session: Session) -> list[Account]:
    """Who can be the rescue account: of head office, with a password of their own, and unknown to any provider."""
    leads = (
        select(RoleAssignment.id)
        .join(Role, Role.id == RoleAssignment.role_id)
        .where(RoleAssignment.user_id == User.id, Role.key == rules.HEAD_OFFICE)
        .where(RoleAssignment.region_id.is_(None), RoleAssignment.branch_id.is_(None))
    )
    known = select(Identity.user_id).where(Identity.user_id == User.id)
    noted = select(AccountRecord.id).where(AccountRecord.user_id == User.id)
    invited, chose = noted.where(AccountRecord.what == "invitation"), noted.where(AccountRecord.what == "password")
    fit = User.active, exists(leads), ~exists(known), ~exists(invited) | exists(chose)
    return [account_of(row) for row in session.execute(select(*ACCOUNT).where(*fit).order_by(User.name, User.id))]


def close_passwords(
    session: Session, provider_id: UUID, rescue_id: UUID | None, *, by: Principal, known: Permissions
) -> None:
    """Take no password any more but the rescue account's, and end what others' passwords have opened.

    Whoever says so stays signed in. Raises UnknownProvider, BadProvider, BeyondOwnRights.
    """
    roles.require_head_office(by=by, known=known)
    found = oidc_settings.provider(session, provider_id)
    if not found.active or found.tested_at is None:
        sentence = _("Switch the provider on and try the connection out first.")
        raise errors.BadProvider(sentence, fields={"rescue": sentence})
    rescue = next((account for account in rescues(session) if account.id == rescue_id), None)
    if rescue is None:
        sentence = _("Choose an account of head office that has a password and is not signed in through a provider.")
        raise errors.BadProvider(sentence, fields={"rescue": sentence})
    roles.lock_user(session, rescue.id)
    _set(session, provider_id, exclusive=True, rescue_id=rescue.id)
    records.note(session, rescue.id, "rescue_account", by=by.id, detail=found.name)
    kept = {rescue.id, by.id} - {None}
    by_password = UserSession.provider_id.is_(None), UserSession.device_id.is_(None), UserSession.user_id.not_in(kept)
    session.execute(delete(UserSession).where(*by_password))


def take_passwords(session: Session, provider_id: UUID, *, by: Principal, known: Permissions) -> None:
    """May be repeated. Raises UnknownProvider, BeyondOwnRights."""
    roles.require_head_office(by=by, known=known)
    oidc_settings.provider(session, provider_id)
    _set(session, provider_id, exclusive=False, rescue_id=None)


def _set(session: Session, provider_id: UUID, *, exclusive: bool, rescue_id: UUID | None) -> None:
    one = update(IdentityProvider).where(IdentityProvider.id == provider_id)
    session.execute(one.values(exclusive=exclusive, rescue_id=rescue_id))
