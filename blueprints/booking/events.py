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
    lead: bool = True
    """False for a further appointment of a visit: people are told once."""


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
    lead: bool = True


@dataclass(frozen=True)
class BookingCancelled(Event):
    name = "booking.cancelled"

    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    starts_at: datetime
    reason: str
    by: str
    lead: bool = True


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


@dataclass(frozen=True)
class BookingRequested(Event):
    """Somebody asks for a time that staff must approve; it is kept for them until they are answered."""

    name = "booking.requested"

    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    starts_at: datetime
    lead: bool = True


@dataclass(frozen=True)
class TimeFreed(Event):
    """Time that was taken is free again: something was cancelled, moved, cut short, or nobody came."""

    name = "booking.time_freed"

    booking_id: UUID
    branch_id: UUID
    starts_at: datetime
    ends_at: datetime
