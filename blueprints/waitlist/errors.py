"""What the waitlist refuses, by name."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownWish(NotFound):
    code = "unknown_wish"
    title = N_("There is no such wish on the waitlist")


class UnknownOffer(NotFound):
    code = "unknown_offer"
    title = N_("There is no such offer")


class UnknownLink(NotFound):
    """A link to a wish or an offer that we did not make, or that has run out."""

    code = "unknown_link"
    title = N_("This link does not work any more")


class OfferOver(Conflict):
    code = "offer_over"
    title = N_("This time is no longer kept for you")


class BadWish(Invalid):
    code = "bad_wish"
    title = N_("This wish cannot be kept yet")


class TooManyWishes(Conflict):
    code = "too_many_wishes"
    title = N_("You already wait for several times")
