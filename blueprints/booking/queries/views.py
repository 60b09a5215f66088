"""A row of the booking book as a value."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from blueprints.booking.models import Booking
from blueprints.booking.rules import policy
from blueprints.booking.rules.policy import Policy
from blueprints.booking.values import BookingDetails

COPIED = tuple(
    field.name for field in fields(BookingDetails) if field.name not in {"slot_version", "moves", "cancel_deadline"}
)


def details_of(row: Booking | dict[str, Any], branch_policy: Policy) -> BookingDetails:
    """A row, read or just written, as a value."""
    names = (*COPIED, "slot_version", "moves")
    values: dict[str, Any] = row if isinstance(row, dict) else {name: getattr(row, name) for name in names}
    return BookingDetails(
        **{name: values[name] for name in COPIED},
        slot_version=values.get("slot_version", 0),
        moves=values.get("moves", 0),
        cancel_deadline=policy.cancel_deadline(branch_policy, values["starts_at"]),
    )
