"""Taking resources' time: rows of allocations, which the exclusion constraint lets in or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, delete, func, null, text, update
from sqlalchemy.orm import Session

from blueprints.booking.models import NO_OVERLAP, Allocation
from shopbell import clock
from shopbell.db import table
from shopbell.prepared import Prepared


class Piece(NamedTuple):
    """A resource's time that an appointment is to have."""

    booking_id: UUID
    resource_id: int
    starts_at: datetime
    ends_at: datetime


# Rows go in sorted and conflicts are skipped, not raised: plain inserts into the constraint deadlock under a storm.
TAKE = Prepared(
    text(
        f"""
        insert into allocations (booking_id, resource_id, starts_at, ends_at, expires_at)
        select booking_id, resource_id, starts_at, ends_at, :expires_at
          from jsonb_to_recordset(cast(:pieces as jsonb))
            as pieces (booking_id uuid, resource_id bigint, starts_at timestamptz, ends_at timestamptz)
         order by resource_id, starts_at
            on conflict on constraint {NO_OVERLAP} do nothing
        returning resource_id
        """  # noqa: S608 - the only value put in is a constant
    ).bindparams(bindparam("expires_at", type_=DateTime(timezone=True)))
)
HELD = table(Allocation)
LET_GO = Prepared(
    delete(HELD)
    .where(HELD.c.booking_id == func.any(bindparam("bookings", type_=ARRAY(Uuid))))
    .returning(HELD.c.resource_id)
)
KEEP = Prepared(
    update(HELD)
    .where(HELD.c.booking_id == func.any(bindparam("bookings", type_=ARRAY(Uuid))))
    .values(expires_at=null())
    .returning(HELD.c.resource_id)
)
STALE = delete(Allocation).where(
    Allocation.resource_id.in_(bindparam("resources", expanding=True)),
    Allocation.expires_at <= bindparam("now"),
    Allocation.starts_at < bindparam("last"),
    Allocation.ends_at > bindparam("first"),
)


def allocate(session: Session, pieces: Sequence[Piece], expires_at: datetime | None = None) -> int:
    """Take what is free of the pieces, in one statement. Returns how many could be had."""
    rows = msgspec.json.encode([piece._asdict() for piece in pieces]).decode()
    return len(TAKE.run(session, {"pieces": rows, "expires_at": expires_at})) if pieces else 0


def let_go(session: Session, booking_ids: Sequence[UUID]) -> set[int]:
    """Free all the time of the appointments. Returns the resources whose time it was."""
    return {resource for (resource,) in LET_GO.run(session, {"bookings": list(booking_ids)})}


def keep(session: Session, booking_ids: Sequence[UUID]) -> bool:
    """Take for good what was held. False when nothing of it is held any more."""
    return bool(KEEP.run(session, {"bookings": list(booking_ids)}))


def remove_stale_holds(session: Session, pieces: Sequence[Piece]) -> None:
    """Remove what holds that are over still take of this time."""
    session.execute(
        STALE,
        {
            "resources": [piece.resource_id for piece in pieces],
            "now": clock.now(),
            "first": min(piece.starts_at for piece in pieces),
            "last": max(piece.ends_at for piece in pieces),
        },
    )
