"""Pages: the door's for those who arrive, the ticket, the poster with the code, and how long people waited."""

from blueprints.arrivals.pages import door, poster, ticket, waits
from blueprints.arrivals.pages.blueprint import PAGES

__all__ = ["PAGES", "door", "poster", "ticket", "waits"]
