"""The booking pages: what a customer of the chain opens."""

from __future__ import annotations

from blueprints.storefront.pages import PAGES
from shopbell.feature import Feature, NavigationEntry
from shopbell.text import N_

FEATURE = Feature(
    name="storefront",
    pages=(PAGES,),
    navigation=(NavigationEntry(N_("Widget"), "storefront.widget_settings", "world", "brand.edit", 52),),
    framed=True,
    customers=True,
)
