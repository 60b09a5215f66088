"""The catalogue plugs in here."""

from blueprints.catalog.pages import PAGES
from blueprints.catalog.routes import API
from blueprints.catalog.seed import seed
from blueprints.catalog.service import extend_written_hours
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="catalog",
    pages=(PAGES,),
    api=(API,),
    permissions={
        "catalog.read": Permission(
            N_("See branches and services"),
            frozenset({"hq", "manager", "frontdesk", "scope:booking", "scope:booking.read"}),
        ),
        "catalog.edit": Permission(N_("Change branches and services"), frozenset({"hq"}), chain_wide=True),
    },
    navigation=(
        NavigationEntry(N_("Branches"), "catalog.branches", "building-store", "catalog.edit", 20),
        NavigationEntry(N_("Regions"), "catalog.regions", "map-pin", "catalog.edit", 25),
        NavigationEntry(N_("Services"), "catalog.services", "list-details", "catalog.edit", 30),
    ),
    seeders=(seed,),
    housekeeping=(extend_written_hours,),
)
