"""The customer's pages. Everything works without JavaScript; what was chosen stands in the address."""

from blueprints.storefront.pages import book, change, details, done, manage, preferences, team, vip, visit, widget
from blueprints.storefront.pages.frame import PAGES

__all__ = ["PAGES", "book", "change", "details", "done", "manage", "preferences", "team", "vip", "visit", "widget"]
