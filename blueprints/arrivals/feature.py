"""The arrivals feature's table of contents."""

from blueprints.arrivals.pages import PAGES
from blueprints.arrivals.permissions import PERMISSIONS
from blueprints.arrivals.routes import blp
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="arrivals",
    pages=(PAGES,),
    api=(blp,),
    permissions=PERMISSIONS,
    navigation=(NavigationEntry(N_("Waits"), "arrivals_pages.waits", "clock", "arrivals.figures", 15),),
    customers=True,
)
