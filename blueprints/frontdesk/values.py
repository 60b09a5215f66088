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
class Create:
    id: UUID
    service: UUID
    person: UUID | None
    day: date
    start: int
    customer: Customer
    note: str


@dataclass(frozen=True)
class Move:
    id: UUID
    person: UUID | None
    day: date
    start: int


@dataclass(frozen=True)
class SetStatus:
    id: UUID
    status: str
    undo: bool


@dataclass(frozen=True)
class Cancel:
    id: UUID
    reason: str


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


Command = Create | Move | SetStatus | Cancel | Note | Arrive | Seat | Leave | Resolve | Refusal


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
