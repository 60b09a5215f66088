"""What comes into and goes out of the booking book, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

STAFF_SOURCES = frozenset({"desk", "walk_in"})


@dataclass(frozen=True)
class CustomerInput:
    """A customer as typed; checked and cleaned by the service."""

    name: str
    phone: str
    email: str | None = None
    locale: str | None = None


@dataclass(frozen=True)
class HoldRequest:
    branch_id: UUID
    service_id: UUID
    starts_at: datetime
    person_id: UUID | None = None


@dataclass(frozen=True)
class Held:
    """A time that is kept until `expires_at`, for whoever knows the id."""

    booking_id: UUID
    person_id: UUID | None
    expires_at: datetime


@dataclass(frozen=True)
class BookingRequest:
    """`source` is web, desk, api or walk_in. With a `booking_id` of the device's own, repeating is harmless."""

    branch_id: UUID
    service_id: UUID
    starts_at: datetime
    customer: CustomerInput
    person_id: UUID | None = None
    note: str = ""
    source: str = "web"
    hold_id: UUID | None = None
    booking_id: UUID | None = None


@dataclass(frozen=True)
class BookingDetails:
    """An appointment. `cancel_deadline` is until when the customer may move or cancel by themselves."""

    id: UUID
    ref: str
    status: str
    branch_id: UUID
    service_id: UUID
    person_id: UUID | None
    customer_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    slot_version: int
    moves: int
    note: str
    source: str
    price_minor: int
    currency: str
    cancel_deadline: datetime
    created_at: datetime


@dataclass(frozen=True)
class Slot:
    """A possible start, with everybody who could take it. `text` is the start in the branch's offset, RFC 3339."""

    starts_at: datetime
    person_ids: tuple[UUID, ...]
    text: str = ""


@dataclass(frozen=True)
class FreeDay:
    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class DayCount:
    """Appointments of one branch on one local day, by how they ended."""

    branch_id: UUID
    day: date
    booked: int
    done: int
    no_show: int
    cancelled: int
