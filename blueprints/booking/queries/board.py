"""A branch's day as the console shows it, and what has changed since a device last looked.

A device remembers an opaque cursor: the oldest transaction that was still running when it read. Rows written by that
one or later ones are new to it; a few may come twice, none is missed.

Every screen of every branch asks for these rows again and again. Their statements are therefore written out, under the
names that the console knows, and what comes back stays plain: ids are text, instants are numbers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from blueprints.booking.models import WALK_IN_PHONE, Booking, WalkIn
from blueprints.booking.queries.views import note_of
from blueprints.booking.rules import terms as agreed
from blueprints.booking.rules.terms import Terms
from blueprints.booking.rules.timeline import midnight
from blueprints.crm import api as crm
from blueprints.crm.api import Caller
from shopbell import clock
from shopbell.prepared import Prepared, Row
from shopbell.vault.ring import ring

BOOKINGS = """
    select id::text, customer_id::text, terms::text, note, note_sealed, ref, person_id::text, service_id::text,
           options::text[],
           floor(date_part('epoch', starts_at))::bigint, floor(date_part('epoch', ends_at - starts_at) / 60)::int,
           extra_minutes, guest_name, status, source, clash, slot_version, visit_id::text, series_id::text,
           why->>'rule', price_minor, currency
      from bookings
     where {} and (expires_at is null or expires_at > :now)
     order by starts_at, bookings.id
"""
"""Not a hold whose time is over: that one is nothing any more, even before it is swept away."""
TAKES = """
    select booking_id::text, resource_id, floor(date_part('epoch', starts_at))::bigint,
           floor(date_part('epoch', ends_at))::bigint
      from allocations
     where booking_id = any(cast(:ids as uuid[]))
"""
WALK_INS = """
    select id::text, phone, phone_sealed, name, service_id::text, floor(date_part('epoch', arrived_at) * 1000)::bigint,
           status, person_id::text, booking_id::text, number, source,
           case when quoted_high is not null then array[quoted_low, quoted_high] end,
           floor(date_part('epoch', called_at) * 1000)::bigint
      from walk_ins
     where branch_id = :branch and {} order by arrived_at
"""
WALK_IN = (
    "name",
    "service",
    "at",
    "status",
    "person",
    "booking",
    "number",
    "source",
    "promised",
    "called_at",
)
Take = tuple[int, int, int]


@dataclass(slots=True)
class OnBoard:
    """An appointment as a board shows it. Ids are text, instants are seconds since 1970.

    `why` is the rule by which the person was found, `clash` what somebody has to decide. `takes` says whose time is
    taken, as (resource, from, to).
    """

    id: str
    takes: list[Take]
    customer: Caller | None
    terms: Terms
    note: str
    ref: str
    person: str | None
    service: str | None
    options: list[str]
    starts_at: int
    minutes: int
    extra_minutes: int
    guest_name: str
    status: str
    source: str
    clash: dict[str, Any] | None
    slot_version: int
    visit: str | None
    series: str | None
    why: str | None
    price_minor: int
    currency: str

    @property
    def begins(self) -> datetime:
        return datetime.fromtimestamp(self.starts_at, UTC)


OF_DAY = Prepared(text(BOOKINGS.format("branch_id = :branch and starts_at >= :first and starts_at < :last")))
CHANGED = Prepared(text(BOOKINGS.format("branch_id = :branch and changed_xid >= cast(:since as xid8)")))
TAKEN = Prepared(text(TAKES))
CAME = Prepared(text(WALK_INS.format("arrived_at >= :first and arrived_at < :last")))
QUEUE_CHANGED = Prepared(text(WALK_INS.format("changed_xid >= cast(:since as xid8)")))
OLDEST_RUNNING = Prepared(text("select pg_snapshot_xmin(pg_current_snapshot())::text"))


def cursor(session: Session) -> str:
    """Where a reader stands; read it before the rows."""
    [(found,)] = OLDEST_RUNNING.run(session, {})
    return str(found)


def day_bookings(session: Session, branch_id: UUID, day: date, zone: ZoneInfo) -> list[OnBoard]:
    """Every appointment that starts on the local day, cancelled ones too: a device may have to forget them."""
    return _shown(session, OF_DAY, {"branch": branch_id, **_span(day, zone)})


def changed_bookings(session: Session, branch_id: UUID, since: str) -> list[OnBoard]:
    return _shown(session, CHANGED, {"branch": branch_id, "since": since})


BRANCH_OF = Prepared(select(Booking.branch_id).where(Booking.id == bindparam("booking")))


def branch_of(session: Session, booking_id: UUID) -> UUID | None:
    rows = BRANCH_OF.run(session, {"booking": booking_id})
    return rows[0][0] if rows else None


def branch_of_walk_in(session: Session, walk_in_id: UUID) -> UUID | None:
    return session.scalar(select(WalkIn.branch_id).where(WalkIn.id == walk_in_id))


def waiting(session: Session, branch_id: UUID, day: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The walk-ins who came on the local day."""
    return [_walk_in(session, row) for row in CAME.run(session, {"branch": branch_id, **_span(day, zone)})]


def changed_walk_ins(session: Session, branch_id: UUID, since: str) -> list[dict[str, Any]]:
    return [_walk_in(session, row) for row in QUEUE_CHANGED.run(session, {"branch": branch_id, "since": since})]


def _span(day: date, zone: ZoneInfo) -> dict[str, datetime]:
    return {"first": midnight(day, zone), "last": midnight(day + timedelta(days=1), zone)}


def _walk_in(session: Session, row: Row) -> dict[str, Any]:
    walk_in, clear, sealed, *shown = row
    phone = clear if sealed is None else ring(session).open(WALK_IN_PHONE, UUID(walk_in), sealed)
    return {"id": walk_in, "phone": phone or "", **dict(zip(WALK_IN, shown, strict=True))}


def _shown(session: Session, statement: Prepared, values: dict[str, Any]) -> list[OnBoard]:
    rows = statement.run(session, {**values, "now": clock.now()})
    takes: dict[str, list[Take]] = defaultdict(list)
    ids = ",".join(row[0] for row in rows)
    for booking_id, resource, start, end in TAKEN.run(session, {"ids": f"{{{ids}}}"}) if rows else ():
        takes[booking_id].append((resource, start, end))
    customers = crm.callers(session, {row[1] for row in rows} - {None})
    return [
        OnBoard(
            booking_id,
            takes[booking_id],
            customers.get(customer),
            _terms(terms),
            note if sealed is None else note_of(session, UUID(booking_id), note, sealed),
            *shown,
        )
        for booking_id, customer, terms, note, sealed, *shown in rows
    ]


@lru_cache(maxsize=1024)
def _terms(stored: str | None) -> Terms:
    """Most appointments are made on the same terms."""
    return agreed.from_json(json.loads(stored) if stored else None, Terms())
