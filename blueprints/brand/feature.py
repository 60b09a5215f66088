"""Brand plugs in here."""

from blueprints.brand.pages import PAGES, PUBLIC
from blueprints.brand.seed import seed
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="brand",
    pages=(PUBLIC, PAGES),
    permissions={"brand.edit": frozenset({"hq"})},
    navigation=(NavigationEntry(N_("Branding"), "brand.brand", "palette", "brand.edit", 50),),
    seeders=(seed,),
)
