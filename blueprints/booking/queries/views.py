"""A row of the booking book as a value."""

from __future__ import annotations

from typing import Any

from blueprints.booking.models import Booking
from blueprints.booking.rules import policy
from blueprints.booking.rules.policy import Policy
from blueprints.booking.values import BookingDetails


def details_of(row: Booking | dict[str, Any], branch_policy: Policy) -> BookingDetails:
    """A row, read or just written, as a value."""
    get = row.get if isinstance(row, dict) else lambda name, otherwise=None: getattr(row, name, otherwise)
    names = ("id", "ref", "status", "branch_id", "service_id", "person_id", "customer_id", "starts_at", "ends_at")
    more = ("note", "source", "price_minor", "currency", "created_at")
    return BookingDetails(
        **{name: get(name) for name in (*names, *more)},
        slot_version=get("slot_version", 0) or 0,
        moves=get("moves", 0) or 0,
        cancel_deadline=policy.cancel_deadline(branch_policy, get("starts_at")),
    )
