"""The waitlist feature's table of contents."""

from blueprints.waitlist import jobs, pages, reactions, routes
from blueprints.waitlist.permissions import PERMISSIONS
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="waitlist",
    framed=True,
    pages=(pages.PAGES, pages.DESK),
    api=(routes.blp,),
    reactions=(
        reactions.offer_freed_time,
        reactions.close_fulfilled,
        reactions.close_asked_for,
        reactions.close_replaced,
    ),
    jobs=(jobs.fill, jobs.settle, jobs.over),
    permissions=PERMISSIONS,
    navigation=(NavigationEntry(N_("Waiting list"), "waitlist_desk.waitlist", "hourglass", "waitlist.manage", 55),),
)
