"""The part of the book that seldom changes, remembered: opening hours, rosters, services, rooms, as bitmaps.

A frame belongs to one branch and window of days and to one version of the tenant's configuration. Each use compares the
version in the same round trip that reads the allocations, so a changed roster is in force with the next request.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sys import byteorder
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, bindparam, text
from sqlalchemy.orm import Session

from blueprints.booking.rules.needs import Demand, demand_of
from blueprints.booking.rules.slots import Book, Place, Worker
from blueprints.booking.rules.timeline import CELL_SECONDS, Window
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView
from shopbell import clock
from shopbell.config_version import config_version
from shopbell.tenancy import current_tenant

REMEMBERED_FRAMES = 4096
LONGEST_SERVICE = timedelta(days=1)

# One packed value instead of rows: fetching and converting rows costs several times what the arithmetic does.
TAKEN = text(
    f"""
    select (select version from config_version),
           string_agg(int4send(resource_id::int4)
                      || int4send(floor(date_part('epoch', starts_at) / {CELL_SECONDS})::int4)
                      || int4send(ceil(date_part('epoch', ends_at) / {CELL_SECONDS})::int4), ''::bytea)
             filter (where expires_at is null or expires_at > :now),
           coalesce(bool_or(expires_at <= :now), false)
      from allocations
     where resource_id = any(:resources) and starts_at >= :earliest and starts_at < :ends_at and ends_at > :starts_at
    """  # noqa: S608 - the only value put in is a constant
).bindparams(bindparam("resources", type_=ARRAY(BigInteger)))


OWN = text(
    f"""
    select resource_id, floor(date_part('epoch', starts_at) / {CELL_SECONDS})::int4,
           ceil(date_part('epoch', ends_at) / {CELL_SECONDS})::int4
      from allocations where booking_id = :booking_id
    """  # noqa: S608 - the only value put in is a constant
)
MARGIN = LONGEST_SERVICE // timedelta(seconds=CELL_SECONDS)
"""Allocations may have begun so many cells before the window; shifting never goes below zero."""


@dataclass(frozen=True)
class Frame:
    """What does not change from booking to booking, for one branch and window."""

    version: UUID
    branch: BranchView
    zone: ZoneInfo
    window: Window
    opening: int
    grid: int
    rosters: dict[UUID, int]
    people: dict[UUID, PersonView]
    workers: tuple[Worker, ...]
    places: tuple[Place, ...]
    services: dict[UUID, ServiceView]
    demands: dict[UUID, Demand]
    resource_ids: list[int]

    def workers_for(self, person_id: UUID | None) -> Sequence[Worker]:
        return self.workers if person_id is None else [worker for worker in self.workers if worker.id == person_id]


@dataclass(frozen=True)
class Reading:
    """A frame together with what is taken. `stale_holds`: expired holds still stand in the way of an insert."""

    frame: Frame
    book: Book
    stale_holds: bool


Key = tuple[UUID, UUID, date, int]
_frames: OrderedDict[Key, Frame] = OrderedDict()
_zones: dict[tuple[UUID, UUID], str] = {}
_lock = threading.Lock()


def read(session: Session, branch_id: UUID, first_day: date, days: int, *, without: UUID | None = None) -> Reading:
    """The book of a branch over whole local days. Raises UnknownBranch.

    `without` leaves one appointment's own allocations out of what is taken, for moving it.
    """
    key = (current_tenant().id, branch_id, first_day, days)
    with _lock:
        frame = _frames.get(key)
    if frame is None:
        frame = _remember(key, _load(session, branch_id, first_day, days))
    version, taken, stale = _taken(session, frame)
    if version != frame.version:
        frame = _remember(key, _load(session, branch_id, first_day, days))
        _version, taken, stale = _taken(session, frame)
    if without is not None:
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


def read_day_of(session: Session, branch_id: UUID, instant: datetime, *, without: UUID | None = None) -> Reading:
    """The book of the local day that contains the instant. Raises UnknownBranch."""
    key = (current_tenant().id, branch_id)
    zone_name = _zones.get(key) or catalog.branch(session, branch_id).time_zone
    reading = read(session, branch_id, clock.local_minutes(instant, clock.zone(zone_name))[0], 1, without=without)
    if reading.frame.branch.time_zone != zone_name:
        _zones[key] = reading.frame.branch.time_zone
        return read_day_of(session, branch_id, instant, without=without)
    _zones[key] = zone_name
    return reading


def _remember(key: Key, frame: Frame) -> Frame:
    with _lock:
        _frames[key] = frame
        _frames.move_to_end(key)
        while len(_frames) > REMEMBERED_FRAMES:
            _frames.popitem(last=False)
    return frame


def _load(session: Session, branch_id: UUID, first_day: date, days: int) -> Frame:
    # The version is read first: a change committed meanwhile is then found by the comparison, never missed.
    version = config_version(session)
    branch = catalog.branch(session, branch_id)
    zone = clock.zone(branch.time_zone)
    window = Window.of_days(first_day, days, zone)
    people = {person.id: person for person in staff.people_at(session, branch_id)}
    rosters = staff.roster_spans(session, branch_id, first_day, days)
    workers = tuple(Worker(person.id, person.resource_id, person.skill_ids) for person in people.values())
    places = tuple(
        Place(place.resource_id, place.kind, place.type) for place in catalog.resources_at(session, branch_id)
    )
    services = {service.id: service for service in catalog.services(session)}
    return Frame(
        version=version,
        branch=branch,
        zone=zone,
        window=window,
        opening=window.of_spans(catalog.opening_spans(session, branch_id, first_day, days)),
        grid=window.grid(branch.slot_minutes),
        rosters={person: window.of_spans(spans) for person, spans in rosters.items()},
        people=people,
        workers=workers,
        places=places,
        services=services,
        demands={service.id: demand_of(service.steps) for service in services.values() if service.steps},
        resource_ids=[worker.resource_id for worker in workers] + [place.resource_id for place in places],
    )


def _taken(session: Session, frame: Frame) -> tuple[UUID, dict[int, int], bool]:
    window = frame.window
    version, packed, stale = session.execute(
        TAKEN,
        {
            "resources": frame.resource_ids,
            "now": clock.now(),
            "earliest": window.starts_at - LONGEST_SERVICE,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
        },
    ).one()
    return version, unpack(packed, window), stale


def unpack(packed: bytes | None, window: Window) -> dict[int, int]:
    """Big-endian triples (resource, first cell, last cell + 1) as one bitmap of the window per resource."""
    numbers = array("i", packed or b"")
    if byteorder == "little":
        numbers.byteswap()
    origin, everything = window.origin - MARGIN, window.everything
    taken: dict[int, int] = defaultdict(int)
    triples: Iterable[int] = iter(numbers)
    for resource, first, last in zip(triples, triples, triples, strict=True):
        taken[resource] |= ((1 << (last - first)) - 1) << (first - origin)
    return {resource: bitmap >> MARGIN & everything for resource, bitmap in taken.items()}


def _leave_out(session: Session, window: Window, taken: dict[int, int], booking_id: UUID) -> None:
    own = session.execute(OWN, {"booking_id": booking_id})
    for resource, first, last in own:
        freed = window.cells(first, last)
        taken[resource] = taken.get(resource, 0) & ~freed
