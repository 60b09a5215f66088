"""What templates refuse, by name."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownText(NotFound):
    code = "unknown_text"
    title = N_("There is no such text")


class UnknownTextVersion(NotFound):
    code = "unknown_text_version"
    title = N_("There is no such version")


class UnknownApproval(NotFound):
    code = "unknown_approval"
    title = N_("There is no such approval")


class BadText(Invalid):
    code = "bad_text"
    title = N_("The text cannot be used like this")


class TextChanged(Conflict):
    code = "text_changed"
    title = N_("Somebody else has changed this text meanwhile")


class BadStep(Conflict):
    code = "bad_step"
    title = N_("This approval is not at that step any more")


class UnknownShortLink(NotFound):
    code = "unknown_short_link"
    title = N_("This link leads nowhere any more")
