"""The waitlist feature's table of contents."""

from datetime import timedelta

from blueprints.waitlist import jobs, pages, reactions, routes
from blueprints.waitlist.models import SEALED, Wish
from blueprints.waitlist.permissions import PERMISSIONS
from shopbell import housekeeping
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

OLD_WISHES = housekeeping.older_than(timedelta(days=400), Wish, Wish.changed_at)
"""No wish waits longer than the days it names; the offers go with it. A year and a month serve the yearly figures."""

FEATURE = Feature(
    name="waitlist",
    sealed=SEALED,
    framed=True,
    customers=True,
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
    housekeeping=(OLD_WISHES,),
    navigation=(NavigationEntry(N_("Waiting list"), "waitlist_desk.waitlist", "hourglass", "waitlist.manage", 55),),
)
