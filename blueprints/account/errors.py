"""What a customer's own place refuses."""

from __future__ import annotations

from shopbell.errors import NotFound
from shopbell.text import N_


class UnknownSession(NotFound):
    code = "unknown_session"
    title = N_("This session is over")
