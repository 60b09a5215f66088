"""The ways to sign in besides e-mail address and password.

Whoever proves who they are by such a way is let in by `sign_in.welcome`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from blueprints.access.service.oidc_settings import Provider
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class Way:
    """A line below the form: its words, its icon, and where it leads."""

    label: str
    icon: str
    address: str


def through(providers: list[Provider], target: str | None) -> list[Way]:
    """The chain's identity providers; `target` is the page to go on to."""
    query = f"?{urlencode({'next': target})}" if target else ""
    return [
        Way(_("Sign in with %(name)s", name=found.name), "shield-check", f"/sign-in/with/{found.id}{query}")
        for found in providers
    ]


def others(at_shared_device: bool) -> list[Way]:
    """Those that can be offered in this browser."""
    return [Way(_("Take over with your PIN"), "users", "/switch")] if at_shared_device else []
