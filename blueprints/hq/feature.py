"""HQ plugs in here."""

from blueprints.hq.pages import PAGES
from blueprints.hq.permissions import PERMISSIONS
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="hq",
    pages=(PAGES,),
    permissions=PERMISSIONS,
    navigation=(NavigationEntry(N_("Overview"), "hq.overview", "chart-bar", "hq.read", 10),),
)
