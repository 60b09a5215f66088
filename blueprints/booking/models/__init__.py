"""The tables of the booking book and of the rules it follows."""

from blueprints.booking.models.book import (
    NO_OVERLAP,
    NOTE,
    SEALED,
    STATUSES,
    UPCOMING,
    WALK_IN_PHONE,
    Allocation,
    Booking,
    WalkIn,
)
from blueprints.booking.models.rules import BookingPolicy, Charge, Override, PeakRule, PriorityWindow, Series

__all__ = [
    "NOTE",
    "NO_OVERLAP",
    "SEALED",
    "STATUSES",
    "UPCOMING",
    "WALK_IN_PHONE",
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
