"""Staff plugs in here."""

from blueprints.staff.pages import PAGES, PUBLIC
from blueprints.staff.routes import API
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="staff",
    framed=True,
    customers=True,
    pages=(PAGES, PUBLIC),
    api=(API,),
    permissions={
        "staff.read": Permission(
            N_("See people and their rosters"),
            frozenset({"hq", "manager", "frontdesk", "scope:booking", "scope:booking.read"}),
        ),
        "staff.edit": Permission(N_("Change people and their rosters"), frozenset({"hq"}), chain_wide=True),
    },
    navigation=(NavigationEntry(N_("People"), "staff.people", "users", "staff.edit", 40),),
)
