"""What the finder refuses, by name."""

from __future__ import annotations

from shopbell.errors import Invalid, NotFound
from shopbell.text import N_


class UnknownPlace(NotFound):
    """A place on head office's list that is not, or no longer, there."""

    code = "unknown_place"
    title = N_("There is no such place")


class PlaceNotFound(Invalid):
    """Nothing known has the name that was typed."""

    code = "place_not_found"
    title = N_("We do not know this place")


class BadSearch(Invalid):
    code = "bad_search"
    title = N_("This search cannot be answered")


class BadPlace(Invalid):
    code = "bad_place"
    title = N_("This place cannot be saved yet")
