"""The customer file plugs in here."""

from blueprints.crm import routes
from blueprints.crm.pages import PAGES
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

STAFF = frozenset({"hq", "manager", "frontdesk"})

FEATURE = Feature(
    name="crm",
    pages=(PAGES,),
    api=(routes.blp,),
    permissions={
        "crm.read": Permission(N_("Look up customers"), STAFF),
        "crm.write": Permission(N_("Change what is known of customers"), STAFF),
        "crm.tier": Permission(N_("Make customers members of a tier"), frozenset({"hq", "manager"})),
    },
    navigation=(NavigationEntry(N_("Members"), "crm.members", "star", "crm.tier", 60),),
)
