"""What happens to appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class BookingMade(Event):
    name = "booking.made"

    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    starts_at: datetime
    source: str


@dataclass(frozen=True)
class BookingMoved(Event):
    name = "booking.moved"

    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    old_starts_at: datetime
    starts_at: datetime
    slot_version: int
    by: str


@dataclass(frozen=True)
class BookingCancelled(Event):
    name = "booking.cancelled"

    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    starts_at: datetime
    reason: str
    by: str


@dataclass(frozen=True)
class BookingStatusChanged(Event):
    name = "booking.status_changed"

    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    before: str
    after: str


@dataclass(frozen=True)
class BookingReminderDue(Event):
    """It is time to remind the customer; published at that moment, and only while the appointment stands."""

    name = "booking.reminder_due"

    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    starts_at: datetime
    slot_version: int
