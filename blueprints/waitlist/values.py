"""What comes into and goes out of the waitlist, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from blueprints.booking.api import CustomerInput, Guest, Item
from blueprints.waitlist.rules import Wanted


def one(service_id: UUID, options: tuple[UUID, ...], person_id: UUID | None) -> tuple[Guest, ...]:
    """A single service, as a visit of one guest."""
    return (Guest((Item(service_id, options, person_id),)),)


@dataclass(frozen=True)
class JoinRequest:
    """A wish as asked for. The first of the branches is the one where it was asked; minutes are of the local day.

    It is for one service, or for the `guests` of a visit: everybody or nobody. With a `booking_id` that visit is
    replaced by the time that is accepted. `wish_id` makes repeating harmless.
    """

    service_id: UUID | None
    branch_ids: tuple[UUID, ...]
    first_day: date
    last_day: date
    customer: CustomerInput
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    earliest: int = 0
    latest: int = 1440
    options: tuple[UUID, ...] = ()
    person_id: UUID | None = None
    booking_id: UUID | None = None
    note: str = ""
    source: str = "web"
    wish_id: UUID | None = None
    guests: tuple[Guest, ...] = ()
    told: tuple[UUID, ...] = ()
    """The legal texts that staff told the customer of."""
    agreed: tuple[UUID, ...] | None = None
    """Those that the customer of a program agreed to there, or None where it does not say."""

    @property
    def asked(self) -> tuple[Guest, ...]:
        """Who is to come for what, as the booking book wants it; nobody when nothing was named."""
        if self.guests or self.service_id is None:
            return self.guests
        return one(self.service_id, self.options, self.person_id)

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.first_day, self.last_day, self.weekdays, self.earliest, self.latest)


@dataclass(frozen=True)
class WishView:
    """A wish. `status` is waiting, offered, accepted, left or over; `ended` tells how it came to its end.

    One for a visit has its `guests`, and the first one's first service as its own; one for a single service has none.
    """

    id: UUID
    customer_id: UUID
    service_id: UUID
    options: tuple[UUID, ...]
    person_id: UUID | None
    guests: tuple[Guest, ...]
    branch_ids: tuple[UUID, ...]
    first_day: date
    last_day: date
    weekdays: tuple[int, ...]
    earliest: int
    latest: int
    booking_id: UUID | None
    status: str
    ended: str
    reason: str
    note: str
    source: str
    created_at: datetime

    @property
    def asked(self) -> tuple[Guest, ...]:
        """Who is to come for what, as the booking book wants it."""
        return self.guests or one(self.service_id, self.options, self.person_id)

    @property
    def service_ids(self) -> list[UUID]:
        """Of every service wished, in order."""
        return [item.service_id for guest in self.asked for item in guest.items]

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.first_day, self.last_day, self.weekdays, self.earliest, self.latest)

    @property
    def is_open(self) -> bool:
        return self.status in {"waiting", "offered"}


@dataclass(frozen=True)
class OfferView:
    """An offer. `status` is open, accepted, declined, expired or withdrawn."""

    id: UUID
    wish_id: UUID
    hold_id: UUID
    booking_id: UUID | None
    branch_id: UUID
    person_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    status: str
    created_at: datetime
    expires_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Figures:
    """What the waitlist brought since a moment: times offered and taken, minutes recovered; who waits now."""

    waiting: int
    offered: int
    accepted: int
    declined: int
    expired: int
    minutes: int
