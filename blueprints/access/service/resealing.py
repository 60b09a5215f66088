"""Sealing anew what an earlier secret key of the installation sealed, so that the key may go."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.access.models import IdentityProvider, Totp, UserSession
from blueprints.access.service import oidc_settings, sessions, totp
from shopbell import runtime
from shopbell.crypto import BadToken


def reseal(session: Session) -> int:
    """Seal by the secret key what people's phones, identity providers and sessions of theirs have. Returns how much it
    was; what no key opens stays as it is. May be repeated."""
    through = select(UserSession).where(UserSession.id_token.is_not(None))
    found: list[tuple[Totp | IdentityProvider | UserSession, str, str, str]] = [
        *((one, "secret", totp.PURPOSE, str(one.user_id)) for one in session.scalars(select(Totp))),
        *((one, "secret", oidc_settings.PURPOSE, str(one.id)) for one in session.scalars(select(IdentityProvider))),
        *((one, "id_token", sessions.PURPOSE, str(one.provider_id)) for one in session.scalars(through)),
    ]
    return sum(_sealed_anew(*one) for one in found)


def _sealed_anew(row: Totp | IdentityProvider | UserSession, column: str, purpose: str, context: str) -> bool:
    try:
        fresh = runtime.sealer(purpose).renewed(context, getattr(row, column))
    except BadToken:
        return False
    if fresh is not None:
        setattr(row, column, fresh)
    return fresh is not None
