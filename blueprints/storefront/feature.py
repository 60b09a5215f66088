"""The booking pages: what a customer of the chain opens."""

from __future__ import annotations

from blueprints.storefront.pages import PAGES
from shopbell.feature import Feature

FEATURE = Feature(name="storefront", pages=(PAGES,))
