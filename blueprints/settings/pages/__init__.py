"""HQ pages of settings: what holds where, a change, and drafts."""

from blueprints.settings.pages import change, drafts, places
from blueprints.settings.pages.blueprint import PAGES

__all__ = ["PAGES", "change", "drafts", "places"]
