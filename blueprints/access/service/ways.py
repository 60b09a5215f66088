"""The ways to sign in besides e-mail address and password.

Whoever proves who they are by such a way is let in by `sign_in.welcome`.
"""

from __future__ import annotations

from dataclasses import dataclass

from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class Way:
    """A line below the form: its words, its icon, and where it leads."""

    label: str
    icon: str
    address: str


def others(at_shared_device: bool) -> list[Way]:
    """Those that can be offered in this browser."""
    return [Way(_("Take over with your PIN"), "users", "/switch")] if at_shared_device else []
