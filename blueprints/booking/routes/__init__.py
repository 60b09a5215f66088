"""The booking API: free times and appointments, and the lists of the booking rules."""

from blueprints.booking.routes import book, rulebook

APIS = (book.blp, rulebook.API)

__all__ = ["APIS"]
