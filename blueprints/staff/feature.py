"""Staff plugs in here."""

from blueprints.staff.pages import PAGES
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="staff",
    pages=(PAGES,),
    permissions={"staff.edit": frozenset({"hq"})},
    navigation=(NavigationEntry(N_("People"), "staff.people", "users", "staff.edit", 40),),
)
