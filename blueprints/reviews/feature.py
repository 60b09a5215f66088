"""The reviews feature's table of contents."""

from blueprints.reviews import jobs, reactions, routes
from blueprints.reviews.models import SEALED
from blueprints.reviews.pages import desk, public
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="reviews",
    sealed=SEALED,
    framed=True,
    customers=True,
    pages=(public.PAGES, desk.PAGES),
    api=(routes.API,),
    reactions=(reactions.ask_later,),
    jobs=(jobs.ask,),
    permissions={
        "reviews.answer": Permission(N_("Answer reviews and decide what is shown"), frozenset({"hq", "manager"})),
        "reviews.read": Permission(
            N_("Read reviews"), frozenset({"hq", "manager", "frontdesk", "scope:booking", "scope:booking.read"})
        ),
    },
    navigation=(NavigationEntry(N_("Reviews"), "reviews_desk.reviews", "star", "reviews.answer", 55),),
)
