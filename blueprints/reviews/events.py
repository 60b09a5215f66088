"""What happens around reviews."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class ReviewAsked(Event):
    """It is time to ask a customer how the visit was; published at that moment, once for a visit."""

    name = "review.asked"

    booking_id: UUID
    customer_id: UUID
