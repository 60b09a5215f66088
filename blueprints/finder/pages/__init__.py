"""Pages of the finder: the customer's, which works without JavaScript, and head office's list of places."""

from blueprints.finder.pages import find
from blueprints.finder.pages.find import PAGES
from blueprints.finder.pages.places import HQ

__all__ = ["HQ", "PAGES", "find"]
