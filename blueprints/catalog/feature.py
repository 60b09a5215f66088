"""The catalogue plugs in here."""

from blueprints.catalog.routes import API
from blueprints.catalog.seed import seed
from shopbell.feature import Feature

FEATURE = Feature(
    name="catalog",
    api=(API,),
    permissions={
        "catalog.read": frozenset({"hq", "manager", "frontdesk", "scope:booking"}),
        "catalog.edit": frozenset({"hq"}),
    },
    seeders=(seed,),
)
