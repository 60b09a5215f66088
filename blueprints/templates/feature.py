"""Templates' table of contents."""

from blueprints.templates.pages import PAGES, PUBLIC
from blueprints.templates.service.short_links import forget_old
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="templates",
    pages=(PAGES, PUBLIC),
    permissions={
        "templates.edit": Permission(N_("Write the texts of messages"), frozenset({"hq"})),
        "templates.approve": Permission(
            N_("Say which texts a provider of text messages has approved"), frozenset({"hq"}), chain_wide=True
        ),
    },
    navigation=(NavigationEntry(N_("Texts"), "templates.texts", "note", "templates.edit", 61),),
    housekeeping=(forget_old,),
)
