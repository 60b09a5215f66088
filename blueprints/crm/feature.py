"""The customer file plugs in here."""

from blueprints.crm import routes
from blueprints.crm.models import SEALED
from blueprints.crm.pages import PAGES
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

STAFF = frozenset({"hq", "manager", "frontdesk"})

FEATURE = Feature(
    name="crm",
    pages=(PAGES,),
    api=(routes.blp,),
    sealed=SEALED,
    scopes={
        "customers.read": N_("Look up customers with their phone numbers and addresses"),
        "customers": N_("Look up customers and change what is known of them"),
    },
    permissions={
        "crm.read": Permission(N_("Look up customers"), STAFF | {"scope:customers", "scope:customers.read"}),
        "crm.write": Permission(N_("Change what is known of customers"), STAFF | {"scope:customers"}),
        "crm.tier": Permission(N_("Make customers members of a tier"), frozenset({"hq", "manager"})),
    },
    navigation=(NavigationEntry(N_("Members"), "crm.members", "star", "crm.tier", 60),),
)
