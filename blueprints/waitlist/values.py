"""What comes into and goes out of the waitlist, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from blueprints.booking.api import CustomerInput
from blueprints.waitlist.rules import Wanted


@dataclass(frozen=True)
class JoinRequest:
    """A wish as asked for. The first of the branches is the one where it was asked; minutes are of the local day.

    With a `booking_id` the appointment is replaced by the time that is accepted. `wish_id` makes repeating harmless.
    """

    service_id: UUID
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

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.first_day, self.last_day, self.weekdays, self.earliest, self.latest)


@dataclass(frozen=True)
class WishView:
    """A wish. `status` is waiting, offered, accepted, left or over; `ended` tells how it came to its end."""

    id: UUID
    customer_id: UUID
    service_id: UUID
    options: tuple[UUID, ...]
    person_id: UUID | None
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
