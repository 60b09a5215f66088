"""Pages of alerts: what happened, one's own channels, and those of the chain."""

from blueprints.alerts.pages import chain, listing, own
from blueprints.alerts.pages.blueprint import PAGES

__all__ = ["PAGES", "chain", "listing", "own"]
