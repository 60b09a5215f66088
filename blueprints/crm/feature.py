"""The customer file plugs in here."""

from blueprints.crm import routes
from blueprints.crm.pages import PAGES
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

STAFF = frozenset({"hq", "manager", "frontdesk"})

FEATURE = Feature(
    name="crm",
    pages=(PAGES,),
    api=(routes.blp,),
    permissions={"crm.read": STAFF, "crm.write": STAFF, "crm.tier": frozenset({"hq", "manager"})},
    navigation=(NavigationEntry(N_("Members"), "crm.members", "star", "crm.tier", 60),),
)
