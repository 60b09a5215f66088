"""Pages of feeds: the feed itself, the customer's page about it, and a person's calendars at head office."""

from blueprints.feeds.pages import people, public
from blueprints.feeds.pages.blueprint import HQ_PAGES, PAGES

__all__ = ["HQ_PAGES", "PAGES", "people", "public"]
