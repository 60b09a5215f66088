from __future__ import annotations

from shopbell.errors import Conflict, Invalid
from shopbell.text import N_


class BadArchive(Invalid):
    """The file is no archive of ours, is damaged, or was made by a newer release."""

    code = "bad_archive"
    title = N_("This file cannot be read as a chain's archive")


class AlreadyHere(Conflict):
    code = "already_here"
    title = N_("This chain exists in this installation")
