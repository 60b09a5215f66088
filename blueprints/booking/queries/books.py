"""What is taken at a branch over some days, remembered for as long as it is true.

A question about free times would read thousands of allocations, hardly one of which has changed since the last
question. Each process therefore remembers what it has read. The next question first asks, in one round trip, whether
the configuration is still the same, whether an appointment has been written since at a branch that takes these people's
time, and what is held at the moment. See decision 13.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.booking import frames, plan
from blueprints.booking.frames import Frame
from blueprints.booking.plan import Reading
from blueprints.booking.rules.slots import Book
from blueprints.booking.rules.timeline import CELL_SECONDS
from shopbell import clock
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant

REMEMBERED_BOOKS = 256
REMEMBERED_FOR = timedelta(minutes=1)
"""A desk may block the time of somebody who never worked at its branch: that is seen after so long at the latest."""

PACKED = f"""string_agg(int4send(resource_id::int4)
                      || int4send(floor(date_part('epoch', starts_at) / {CELL_SECONDS})::int4)
                      || int4send(ceil(date_part('epoch', ends_at) / {CELL_SECONDS})::int4), ''::bytea)"""
TAKEN = Prepared(
    text(
        f"""
        select {PACKED} from allocations
         where resource_id = any(cast(:resources as bigint[])) and expires_at is null
           and starts_at >= :earliest and starts_at < :ends_at and ends_at > :starts_at
        """  # noqa: S608 - the only value put in is a constant
    )
)
# What is held is little: it is found first, by its own index, and only then looked through.
NEWS = Prepared(
    text(
        f"""
        with held as materialized (
            select resource_id, starts_at, ends_at from allocations where expires_at > :now
        )
        select version, cast(pg_snapshot_xmin(pg_current_snapshot()) as text),
               pg_current_xact_id_if_assigned() is not null,
               exists (select from unnest(cast(:branches as uuid[])) as near (branch_id)
                        where exists (select from bookings where bookings.branch_id = near.branch_id
                                                             and changed_xid >= cast(:since as xid8))),
               (select {PACKED} from held where resource_id = any(cast(:resources as bigint[]))
                   and starts_at >= :earliest and starts_at < :ends_at and ends_at > :starts_at)
          from config_version
        """  # noqa: S608 - as above
    )
)


@dataclass(frozen=True)
class News:
    """`cursor` is where the reader stands now; `own` says that its transaction has written something itself."""

    version: UUID
    cursor: str
    own: bool
    changed: bool
    held: bytes | None


@dataclass
class Known:
    """What stands firm in a frame: each resource's time as a bitmap of the window. Nothing changed before `cursor`."""

    frame: Frame
    taken: Mapping[int, int]
    read_at: datetime
    cursor: str


Key = tuple[UUID, UUID, date, int]
_known: OrderedDict[Key, Known] = OrderedDict()
_lock = threading.Lock()


def read(session: Session, branch_id: UUID, first_day: date, days: int) -> Reading:
    """The book of a branch over whole local days, as true as plan.read's. Raises UnknownBranch."""
    key = (current_tenant().id, branch_id, first_day, days)
    with _lock:
        known = _known.get(key)
    frame = known.frame if known else frames.frame(session, branch_id, first_day, days)
    news = _news(session, frame, known.cursor if known else "0")
    if news.version != frame.version:
        known, frame = None, frames.frame(session, branch_id, first_day, days, version=news.version)
        news = _news(session, frame, "0")
    if known and not news.changed and clock.now() - known.read_at < REMEMBERED_FOR:
        known.cursor = news.cursor
    else:
        known = Known(frame, _firm(session, frame), clock.now(), news.cursor)
        # What a transaction has written itself is true for nobody else, and perhaps never will be.
        if not news.own:
            _remember(key, known)
    return Reading(frame, _book(known, news.held), stale_holds=False)


def _remember(key: Key, known: Known) -> None:
    with _lock:
        _known[key] = known
        _known.move_to_end(key)
        while len(_known) > REMEMBERED_BOOKS:
            _known.popitem(last=False)


def _news(session: Session, frame: Frame, since: str) -> News:
    values = {
        "branches": frame.near_text,
        "since": since,
        "now": clock.now(),
        "resources": frame.resources_text,
        **_span(frame.window.starts_at, frame.window.ends_at),
    }
    [row] = NEWS.run(session, values)
    return News(*row)


def _firm(session: Session, frame: Frame) -> dict[int, int]:
    window = frame.window
    found = taken(session, frame.resource_ids, window.starts_at, window.ends_at, window.origin)
    return {resource: bitmap & window.everything for resource, bitmap in found.items()}


def taken(
    session: Session, resources: Iterable[int], starts_at: datetime, ends_at: datetime, origin: int
) -> dict[int, int]:
    """What stands firm of these resources between two instants, as bitmaps that count cells from `origin`."""
    values = {"resources": f"{{{','.join(map(str, sorted(resources)))}}}", **_span(starts_at, ends_at)}
    [[packed]] = TAKEN.run(session, values)
    return plan.unpack_from(packed, origin)


def _span(starts_at: datetime, ends_at: datetime) -> dict[str, datetime]:
    return {"earliest": starts_at - plan.LONGEST_SERVICE, "starts_at": starts_at, "ends_at": ends_at}


def _book(known: Known, held: bytes | None) -> Book:
    frame = known.frame
    together = dict(known.taken)
    for resource, bitmap in plan.unpack(held, frame.window).items():
        together[resource] = together.get(resource, 0) | bitmap
    return Book(
        opening=frame.opening,
        grid=frame.grid,
        rosters=frame.rosters,
        workers=frame.workers,
        places=frame.places,
        taken=together,
        everything=frame.window.everything,
    )
