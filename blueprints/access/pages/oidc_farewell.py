"""Leaving the identity provider, too, when one leaves us (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from dataclasses import dataclass

from blueprints.access import oidc
from blueprints.access.pages.blueprint import apart
from blueprints.access.service import oidc_settings, sessions


@dataclass(frozen=True)
class Farewell:
    """The provider that somebody came in through, and where they sign out of it; empty when it offers no place."""

    name: str
    address: str


def farewell(token: str) -> Farewell | None:
    """None for a session that no provider opened. Nothing here keeps anybody signed in: a provider that cannot be
    reached is left alone."""
    with apart() as session:
        opened = sessions.opened_through(session, token)
        provider = oidc_settings.provider(session, opened[0]) if opened else None
    if opened is None or provider is None:
        return None
    try:
        back = oidc_settings.address("/sign-in")
        return Farewell(provider.name, oidc.goodbye(oidc_settings.connection(provider), opened[1], back))
    except oidc.Refusal:
        return Farewell(provider.name, "")
