"""The finder feature's table of contents."""

from blueprints.finder import pages, routes
from blueprints.finder.permissions import PERMISSIONS
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="finder",
    framed=True,
    customers=True,
    pages=(pages.PAGES, pages.HQ),
    api=(routes.blp,),
    permissions=PERMISSIONS,
    navigation=(NavigationEntry(N_("Places"), "finder_hq.places", "map-pin", "finder.places", 45),),
)
