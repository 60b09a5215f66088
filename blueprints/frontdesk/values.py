"""What people do at the desk, as plain values. `start` is a minute of the branch's local day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Customer:
    name: str
    phone: str
    email: str | None = None
    locale: str | None = None


@dataclass(frozen=True)
class Item:
    service: UUID
    options: tuple[UUID, ...]
    person: UUID | None


@dataclass(frozen=True)
class Guest:
    """Somebody of a visit, with one service after the other; without a name whoever books."""

    items: tuple[Item, ...]
    name: str


@dataclass(frozen=True)
class Wish:
    """What somebody would like on a day; `without` is the appointment it would replace."""

    day: date
    service: UUID | None
    options: tuple[UUID, ...]
    person: UUID | None
    guests: tuple[Guest, ...]
    without: UUID | None


@dataclass(frozen=True)
class Repeat:
    weeks: int
    visits: int


@dataclass(frozen=True)
class Create:
    """One service, or the `guests` of a visit. `override` is the reason given for setting a rule aside."""

    id: UUID
    service: UUID | None
    options: tuple[UUID, ...]
    person: UUID | None
    guests: tuple[Guest, ...]
    repeat: Repeat | None
    day: date
    start: int
    customer: Customer
    note: str
    override: str | None
    told: tuple[UUID, ...] = ()
    """The legal texts that the customer was told of."""


@dataclass(frozen=True)
class Move:
    id: UUID
    person: UUID | None
    day: date
    start: int
    alone: bool
    override: str | None


@dataclass(frozen=True)
class Extend:
    """`extra` minutes more than its service takes, or fewer when negative."""

    id: UUID
    extra: int
    override: str | None


@dataclass(frozen=True)
class Approve:
    id: UUID


@dataclass(frozen=True)
class Block:
    id: UUID
    person: UUID
    day: date
    start: int
    minutes: int
    note: str


@dataclass(frozen=True)
class Unblock:
    id: UUID


@dataclass(frozen=True)
class SetStatus:
    id: UUID
    status: str
    undo: bool


@dataclass(frozen=True)
class Cancel:
    """`waive` is the reason why a fee that is due is not asked for."""

    id: UUID
    reason: str
    alone: bool
    waive: str | None


@dataclass(frozen=True)
class Note:
    id: UUID
    note: str


@dataclass(frozen=True)
class Arrive:
    id: UUID
    name: str
    phone: str | None
    service: UUID | None
    told: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Seat:
    id: UUID
    booking_id: UUID
    person: UUID | None
    service: UUID | None


@dataclass(frozen=True)
class Leave:
    id: UUID


@dataclass(frozen=True)
class Call:
    id: UUID
    person: UUID | None


@dataclass(frozen=True)
class CallNext:
    """`id` is who comes next as far as the device knows."""

    id: UUID
    person: UUID | None


@dataclass(frozen=True)
class CallBack:
    id: UUID


@dataclass(frozen=True)
class Settle:
    """What becomes of a charge: paid, kept, waived or refunded. `id` is the charge's."""

    id: UUID
    state: str
    reason: str


@dataclass(frozen=True)
class Resolve:
    id: UUID
    how: str
    person: UUID | None
    day: date | None
    start: int | None


@dataclass(frozen=True)
class Refusal:
    """What cannot even be tried: an unknown type, or fields that say nothing usable."""

    code: str
    detail: str
    fields: dict[str, str] = field(default_factory=dict)


Booking = Create | Move | Extend | Approve | SetStatus | Cancel | Note | Block | Unblock | Resolve | Settle
Queue = Arrive | Call | CallNext | CallBack | Seat | Leave
Command = Booking | Queue | Refusal


@dataclass(frozen=True)
class Operation:
    """`at` is when the device says it was done, `known_slot` the version of the appointment's time it had seen."""

    op_id: UUID
    type: str
    at: datetime | None
    known_slot: int | None
    command: Command


@dataclass(frozen=True)
class Desk:
    """Where operations come from."""

    branch_id: UUID
    zone: ZoneInfo
    device: str
    user_id: UUID
    user_name: str = ""
    held: frozenset[str] = frozenset()
    """Of service.work.MAY, what this person may do here."""

    def may(self, permission: str) -> bool:
        return permission in self.held
