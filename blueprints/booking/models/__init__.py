"""The tables of the booking book and of the rules it follows."""

from blueprints.booking.models.book import NO_OVERLAP, STATUSES, UPCOMING, Allocation, Booking, WalkIn
from blueprints.booking.models.rules import BookingPolicy, Charge, Override, PeakRule, PriorityWindow, Series

__all__ = [
    "NO_OVERLAP",
    "STATUSES",
    "UPCOMING",
    "Allocation",
    "Booking",
    "BookingPolicy",
    "Charge",
    "Override",
    "PeakRule",
    "PriorityWindow",
    "Series",
    "WalkIn",
]
