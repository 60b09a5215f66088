"""What reviews refuse, by name."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownReview(NotFound):
    code = "unknown_review"
    title = N_("There is no such review")


class BadReview(Invalid):
    """Stars are missing, or the text is too long; `fields` says which."""

    code = "bad_review"


class NothingToReview(Conflict):
    code = "nothing_to_review"
    title = N_("There is no visit to review yet")
