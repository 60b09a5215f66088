"""What happens on the waitlist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class WishJoined(Event):
    name = "waitlist.wish_joined"

    wish_id: UUID
    customer_id: UUID


@dataclass(frozen=True)
class OfferMade(Event):
    """A freed time is held for somebody until `expires_at`."""

    name = "waitlist.offer_made"

    offer_id: UUID
    wish_id: UUID
    customer_id: UUID
    branch_id: UUID
    starts_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class OfferGone(Event):
    """An offer is over without an appointment: `reason` is declined, expired or withdrawn."""

    name = "waitlist.offer_gone"

    offer_id: UUID
    wish_id: UUID
    customer_id: UUID
    reason: str


@dataclass(frozen=True)
class OfferAccepted(Event):
    name = "waitlist.offer_accepted"

    offer_id: UUID
    wish_id: UUID
    customer_id: UUID
    booking_id: UUID
