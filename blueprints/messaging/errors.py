"""What messaging refuses, by name."""

from __future__ import annotations

from shopbell.errors import Forbidden, NotFound
from shopbell.text import N_


class UnknownMessage(NotFound):
    code = "unknown_message"
    title = N_("There is no such message")


class BadSignature(Forbidden):
    code = "bad_signature"
    title = N_("This receipt was not signed by the provider")
