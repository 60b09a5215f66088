"""Pages of messaging at head office."""

from blueprints.messaging.pages import customer, deliveries, messages, providers, undelivered
from blueprints.messaging.pages.blueprint import PAGES

__all__ = ["PAGES", "customer", "deliveries", "messages", "providers", "undelivered"]
