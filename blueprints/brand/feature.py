"""Brand plugs in here."""

from blueprints.brand.pages import PAGES, PUBLIC
from blueprints.brand.seed import seed
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="brand",
    pages=(PUBLIC, PAGES),
    permissions={
        "brand.edit": Permission(N_("Change the branding and the widget"), frozenset({"hq"}), chain_wide=True)
    },
    navigation=(NavigationEntry(N_("Branding"), "brand.brand", "palette", "brand.edit", 50),),
    seeders=(seed,),
)
