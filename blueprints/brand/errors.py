"""What branding refuses."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class BadBrand(Invalid):
    """The name, a colour, a text or the logo cannot be used; `fields` says why."""

    code = "invalid"


class NoLogo(NotFound):
    code = "no_logo"
    title = N_("This chain has no logo")


class UnknownVersion(NotFound):
    code = "unknown_version"
    title = N_("There is no such version")


class UnknownPreview(NotFound):
    code = "unknown_preview"
    title = N_("This preview is over")


class DraftChanged(Conflict):
    code = "draft_changed"
    title = N_("Somebody else has changed the draft meanwhile")


class NothingDrafted(Conflict):
    code = "nothing_drafted"
    title = N_("There is no draft any more")


class LegalChanged(Conflict):
    code = "legal_changed"
    title = N_("Somebody else has published a version meanwhile")
