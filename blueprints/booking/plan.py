"""Reading the book: a remembered frame and, in one round trip, what is taken in it."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from sys import byteorder
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, text
from sqlalchemy.orm import Session

from blueprints.booking import frames
from blueprints.booking.errors import InThePast, TooFarAhead
from blueprints.booking.frames import Frame
from blueprints.booking.rules.slots import Book
from blueprints.booking.rules.timeline import CELL_SECONDS, Window
from shopbell import clock
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared

FARTHEST = timedelta(days=5 * 366)
"""Nobody books, or looks up, an appointment so far from today."""
LONGEST_SERVICE = timedelta(days=1)
INSTANT = DateTime(timezone=True)

# One packed value instead of rows: fetching and converting rows costs several times what the arithmetic does.
TAKEN = Prepared(
    text(
        f"""
        select (select version from config_version),
               string_agg(int4send(resource_id::int4)
                          || int4send(floor(date_part('epoch', starts_at) / {CELL_SECONDS})::int4)
                          || int4send(ceil(date_part('epoch', ends_at) / {CELL_SECONDS})::int4), ''::bytea)
                 filter (where expires_at is null or expires_at > cast(:now as timestamptz)),
               coalesce(bool_or(expires_at <= cast(:now as timestamptz)), false)
          from allocations
         where resource_id = any(cast(:resources as bigint[]))
           and starts_at >= :earliest and starts_at < :ends_at and ends_at > :starts_at
        """  # noqa: S608 - the only value put in is a constant
    ).bindparams(*(bindparam(name, type_=INSTANT) for name in ("now", "earliest", "starts_at", "ends_at")))
)


OWN = Prepared(
    text(
        f"""
        select resource_id, floor(date_part('epoch', starts_at) / {CELL_SECONDS})::int4,
               ceil(date_part('epoch', ends_at) / {CELL_SECONDS})::int4
          from allocations where booking_id = any(:booking_ids)
        """  # noqa: S608 - the only value put in is a constant
    ).bindparams(bindparam("booking_ids", type_=ARRAY(Uuid)))
)
MARGIN = LONGEST_SERVICE // timedelta(seconds=CELL_SECONDS)
"""Allocations may have begun so many cells before the window; shifting never goes below zero."""


@dataclass(frozen=True)
class Reading:
    """A frame together with what is taken. `stale_holds`: expired holds still stand in the way of an insert."""

    frame: Frame
    book: Book
    stale_holds: bool

    def by(self, frame: Frame) -> Reading:
        """The same by the rules of another day: see Frame.on."""
        if frame is self.frame:
            return self
        return replace(self, frame=frame, book=replace(self.book, grid=frame.grid))


def read(session: Session, branch_id: UUID, first_day: date, days: int, *, without: Collection[UUID] = ()) -> Reading:
    """The book of a branch over whole local days. Raises UnknownBranch.

    `without` leaves some appointments' own allocations out of what is taken, to show where they could go.
    """
    frame = frames.frame(session, branch_id, first_day, days)
    version, taken, stale = _taken(session, frame)
    if version != frame.version:
        frame = frames.frame(session, branch_id, first_day, days, version=version)
        _version, taken, stale = _taken(session, frame)
    if without:
        _leave_out(session, frame.window, taken, without)
    book = Book(
        opening=frame.opening,
        grid=frame.grid,
        rosters=frame.rosters,
        workers=frame.workers,
        places=frame.places,
        taken=taken,
        everything=frame.window.everything,
    )
    return Reading(frame, book, stale)


def read_day_of(session: Session, branch_id: UUID, instant: datetime) -> Reading:
    """The book of the local day that contains the instant, with the days beside it where the branch is open over
    midnight. Raises UnknownBranch; InThePast or TooFarAhead for an instant that is nobody's appointment, before a
    calendar has to be made for it."""
    if instant < clock.now() - FARTHEST:
        raise InThePast(fields={"start": _("a time that lies ahead")})
    if instant > clock.now() + FARTHEST:
        raise TooFarAhead(fields={"start": _("an earlier date")})
    zone = frames.zone_of(session, branch_id)
    reading = _day(session, branch_id, clock.local_minutes(instant, zone)[0])
    if reading.frame.zone is not zone:
        reading = _day(session, branch_id, clock.local_minutes(instant, reading.frame.zone)[0])
    return reading


def _day(session: Session, branch_id: UUID, day: date) -> Reading:
    reading = read(session, branch_id, day, 1)
    if over_midnight(reading.frame):
        reading = read(session, branch_id, day - timedelta(days=1), 3)
        return reading.by(reading.frame.on(day))
    return reading


def over_midnight(frame: Frame) -> bool:
    """Whether the branch is open at an edge of the window, so that visits may reach beyond it."""
    return bool(frame.opening & 1 or frame.opening >> (frame.window.length - 1))


def _taken(session: Session, frame: Frame) -> tuple[UUID, dict[int, int], bool]:
    window = frame.window
    [[version, packed, stale]] = TAKEN.run(
        session,
        {
            "resources": f"{{{','.join(map(str, frame.resource_ids))}}}",
            "now": clock.now(),
            "earliest": window.starts_at - LONGEST_SERVICE,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
        },
    )
    return version, unpack(packed, window), stale


def unpack(packed: bytes | None, window: Window) -> dict[int, int]:
    """Big-endian triples (resource, first cell, last cell + 1) as one bitmap of the window per resource."""
    everything = window.everything
    return {resource: bitmap & everything for resource, bitmap in unpack_from(packed, window.origin).items()}


def unpack_from(packed: bytes | None, origin: int) -> dict[int, int]:
    """The same from an origin on, without an end."""
    numbers = array("i", packed or b"")
    if byteorder == "little":
        numbers.byteswap()
    origin -= MARGIN
    taken: dict[int, int] = defaultdict(int)
    triples: Iterable[int] = iter(numbers)
    for resource, first, last in zip(triples, triples, triples, strict=True):
        taken[resource] |= ((1 << (last - first)) - 1) << (first - origin)
    return {resource: bitmap >> MARGIN for resource, bitmap in taken.items()}


def _leave_out(session: Session, window: Window, taken: dict[int, int], booking_ids: Collection[UUID]) -> None:
    for resource, first, last in OWN.run(session, {"booking_ids": list(booking_ids)}):
        freed = window.cells(first, last)
        taken[resource] = taken.get(resource, 0) & ~freed
