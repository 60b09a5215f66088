"""What comes into and goes out of the booking book, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from blueprints.booking.rules.terms import Terms

STAFF_SOURCES = frozenset({"desk", "walk_in"})


@dataclass(frozen=True)
class CustomerInput:
    """A customer as typed; checked and cleaned by the service."""

    name: str
    phone: str
    email: str | None = None
    locale: str | None = None


@dataclass(frozen=True)
class Item:
    """A service somebody would like: with a variant and add-ons, and with one person or whoever is free."""

    service_id: UUID
    options: tuple[UUID, ...] = ()
    person_id: UUID | None = None


@dataclass(frozen=True)
class Guest:
    """Somebody who comes: for one service after the other. The guests of a visit begin at the same time."""

    items: tuple[Item, ...]
    name: str = ""
    """Empty for whoever books."""


@dataclass(frozen=True)
class HoldRequest:
    """A time to be kept: for one service, or for the `guests` of a visit. `minutes` is for how long. An `offer` is
    made by the shop itself."""

    branch_id: UUID
    service_id: UUID | None
    starts_at: datetime
    person_id: UUID | None = None
    options: tuple[UUID, ...] = ()
    guests: tuple[Guest, ...] = ()
    minutes: int = 10
    tier: int = 0
    customer_id: UUID | None = None
    offer: bool = False


@dataclass(frozen=True)
class Held:
    """A time that is kept until `expires_at`, for whoever knows the id (of the visit's first appointment)."""

    booking_id: UUID
    person_id: UUID | None
    expires_at: datetime
    ends_at: datetime
    price_minor: int
    currency: str
    deposit_minor: int
    terms: Terms


@dataclass(frozen=True)
class Override:
    """A rule that staff set aside, with the reason they gave: overbook, closed_hours, priority or deadline."""

    reason: str
    user_id: UUID | None = None


@dataclass(frozen=True)
class BookingRequest:
    """One service, or the `guests` of a visit. `source` is web, desk, api, widget, waitlist, series or walk_in.

    With a `booking_id` of the device's own, repeating is harmless. With an `override` (staff only) the visit is made
    although somebody or something it needs is taken, or the branch is closed; what is free of it is still taken.
    """

    branch_id: UUID
    service_id: UUID | None
    starts_at: datetime
    customer: CustomerInput
    person_id: UUID | None = None
    note: str = ""
    source: str = "web"
    hold_id: UUID | None = None
    booking_id: UUID | None = None
    options: tuple[UUID, ...] = ()
    guests: tuple[Guest, ...] = ()
    override: Override | None = None
    tier: int = 0
    """The customer's tier as the door knows it; the customer file's own counts when it is higher."""


@dataclass(frozen=True)
class BookingDetails:
    """An appointment. `cancel_deadline` is until when the customer may cancel by themselves, free of charge.

    `visit_id` is the id of the visit's first appointment, None when there is no other. `guest_name` is empty for
    whoever booked. `why` tells how the person was found. `service_id` is None for a hold or for blocked time only.
    `revision` grows with every change of the appointment; the sum over a visit's appointments, cancelled ones too, with
    every change of the visit.
    """

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
    revision: int
    moves: int
    note: str
    source: str
    price_minor: int
    currency: str
    cancel_deadline: datetime
    created_at: datetime
    visit_id: UUID | None
    series_id: UUID | None
    options: tuple[UUID, ...]
    guest_name: str
    why: dict[str, Any] | None
    terms: Terms
    arrived_at: datetime | None


@dataclass(frozen=True)
class Slot:
    """A possible start, with everybody who could take it. `text` is the start in the branch's offset, RFC 3339.

    `fits` is False when everybody who could take it would be left with a gap too short for any service. For a visit
    of several services or guests, the people are those who could give the first one.
    """

    starts_at: datetime
    person_ids: tuple[UUID, ...]
    text: str = ""
    fits: bool = True


@dataclass(frozen=True)
class FreeDay:
    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Quote:
    """What a visit comes to, and on which terms, before it is booked. `minutes` from its start to its end."""

    minutes: int
    price_minor: int
    currency: str
    deposit_minor: int
    terms: Terms


@dataclass(frozen=True)
class Unplaced:
    """A day of a series on which the visit could not be placed: the refusal's code and sentence, and from which day on
    it can be booked where it only is too early."""

    day: date
    code: str
    detail: str
    opens: date | None = None

    def as_json(self) -> dict[str, str | None]:
        opens = self.opens.isoformat() if self.opens else None
        return {"day": self.day.isoformat(), "code": self.code, "detail": self.detail, "opens": opens}


@dataclass(frozen=True)
class SeriesMade:
    series_id: UUID
    placed: tuple[BookingDetails, ...]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True)
class DayCount:
    """Appointments of one branch on one local day, by how they ended."""

    branch_id: UUID
    day: date
    booked: int
    done: int
    no_show: int
    cancelled: int
