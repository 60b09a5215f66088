"""Brand plugs in here."""

from blueprints.brand.pages import PAGES, PUBLIC
from blueprints.brand.routes import API
from blueprints.brand.seed import seed
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="brand",
    pages=(PUBLIC, PAGES),
    api=(API,),
    permissions={
        "brand.edit": Permission(
            N_("Change the branding, the legal texts and the widget"), frozenset({"hq"}), chain_wide=True
        ),
        "brand.place": Permission(N_("Change what a region or a branch has of its own branding"), frozenset({"hq"})),
    },
    navigation=(NavigationEntry(N_("Branding"), "brand.brand", "palette", "brand.edit", 50),),
    seeders=(seed,),
    framed=True,
    customers=True,
)
