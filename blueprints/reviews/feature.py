"""The reviews feature's table of contents."""

from blueprints.reviews import jobs, reactions
from blueprints.reviews.pages import desk, public
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="reviews",
    pages=(public.PAGES, desk.PAGES),
    reactions=(reactions.ask_later,),
    jobs=(jobs.ask,),
    permissions={"reviews.answer": frozenset({"hq", "manager"})},
    navigation=(NavigationEntry(N_("Reviews"), "reviews_desk.reviews", "star", "reviews.answer", 55),),
)
