"""What other features may ask of the waitlist, in the caller's transaction."""

from blueprints.waitlist.errors import BadWish, OfferOver, TooManyWishes, UnknownOffer, UnknownWish
from blueprints.waitlist.links import offer_link, wish_link
from blueprints.waitlist.queries.views import offer, offers_of, wish, wishes_of
from blueprints.waitlist.service import join, leave
from blueprints.waitlist.values import JoinRequest, OfferView, WishView

__all__ = [
    "BadWish",
    "JoinRequest",
    "OfferOver",
    "OfferView",
    "TooManyWishes",
    "UnknownOffer",
    "UnknownWish",
    "WishView",
    "join",
    "leave",
    "offer",
    "offer_link",
    "offers_of",
    "wish",
    "wish_link",
    "wishes_of",
]
