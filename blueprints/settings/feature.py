"""Settings plug in here."""

from blueprints.settings.pages import PAGES
from blueprints.settings.routes import API
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="settings",
    pages=(PAGES,),
    api=(API,),
    permissions={
        "settings.read": Permission(
            N_("See what holds for the chain, regions and branches"),
            frozenset({"hq", "manager", "scope:booking", "scope:settings"}),
        ),
        "settings.edit": Permission(
            N_("Change what holds for the chain, regions and branches"), frozenset({"hq", "scope:settings"})
        ),
    },
    scopes={"settings": N_("Change what holds for the chain, regions and branches")},
    navigation=(NavigationEntry(N_("Settings"), "settings.settings", "settings", "settings.read", 27),),
)
