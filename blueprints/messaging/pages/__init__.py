"""Pages of messaging at head office."""

from blueprints.messaging.pages import messages
from blueprints.messaging.pages.blueprint import PAGES

__all__ = ["PAGES", "messages"]
