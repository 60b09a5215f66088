"""Staff plugs in here."""

from blueprints.staff.pages import PAGES, PUBLIC
from blueprints.staff.routes import API
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="staff",
    framed=True,
    pages=(PAGES, PUBLIC),
    api=(API,),
    permissions={
        "staff.read": frozenset({"hq", "manager", "frontdesk", "scope:booking"}),
        "staff.edit": frozenset({"hq"}),
    },
    navigation=(NavigationEntry(N_("People"), "staff.people", "users", "staff.edit", 40),),
)
