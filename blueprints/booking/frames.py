"""The part of the book that seldom changes, remembered: opening hours, rosters, services, rooms, as bitmaps.

Per branch one frame covers everything that can be booked; the frames of single days or weeks are cut from it without
asking the database. A frame belongs to one version of the tenant's configuration. Each use compares the version in the
round trip that reads the allocations, so a changed roster is in force with the next request.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.booking.rules.needs import Demand, demand_of
from blueprints.booking.rules.slots import Place, Worker
from blueprints.booking.rules.timeline import Window
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView
from shopbell import clock
from shopbell.config_version import config_version
from shopbell.tenancy import current_tenant

REMEMBERED_COVERS = 1024
REMEMBERED_CUTS = 512
"""A fortnight with its times written out takes about 200 KB; cutting it anew takes a few milliseconds."""
DAYS_BACK, DAYS_BEYOND = 2, 14
"""A cover reaches from before today to past the horizon, so that it serves a fortnight on the last bookable day."""


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

    def cut(self, first_day: date, days: int) -> Frame:
        """The same for fewer days of its window."""
        window = Window.of_days(first_day, days, self.zone)
        shift, everything = window.origin - self.window.origin, window.everything
        return replace(
            self,
            window=window,
            opening=self.opening >> shift & everything,
            grid=self.grid >> shift & everything,
            rosters={person: bitmap >> shift & everything for person, bitmap in self.rosters.items()},
        )

    def covers(self, first_day: date, days: int) -> bool:
        behind = (first_day - self.window.first_day).days
        return behind >= 0 and behind + days <= self.window.days


BranchKey = tuple[UUID, UUID]
CutKey = tuple[UUID, UUID, date, int]
K = TypeVar("K")
_covers: OrderedDict[BranchKey, Frame] = OrderedDict()
_cuts: OrderedDict[CutKey, Frame] = OrderedDict()
_lock = threading.Lock()


def frame(session: Session, branch_id: UUID, first_day: date, days: int, *, version: UUID | None = None) -> Frame:
    """The frame of a branch over whole local days. Raises UnknownBranch.

    With a `version`, what is remembered of another one is not used.
    """
    branch_key = (current_tenant().id, branch_id)
    cut_key = (*branch_key, first_day, days)
    with _lock:
        known, cover = _cuts.get(cut_key), _covers.get(branch_key)
    if known and version in {None, known.version}:
        return known
    if cover is None or version not in {None, cover.version} or not cover.covers(first_day, days):
        cover = _load_cover(session, branch_id, first_day, days)
        if cover.window.days > days:
            # Days far away are read for themselves: they must not push out what everybody asks for.
            _remember(_covers, branch_key, cover, REMEMBERED_COVERS)
    found = cover.cut(first_day, days)
    _remember(_cuts, cut_key, found, REMEMBERED_CUTS)
    return found


def zone_of(session: Session, branch_id: UUID) -> ZoneInfo:
    """The branch's zone as last known; a frame says whether it still holds. Raises UnknownBranch."""
    with _lock:
        cover = _covers.get((current_tenant().id, branch_id))
    return cover.zone if cover else clock.zone(catalog.branch(session, branch_id).time_zone)


def _remember(memory: OrderedDict[K, Frame], key: K, found: Frame, limit: int) -> None:
    with _lock:
        memory[key] = found
        memory.move_to_end(key)
        while len(memory) > limit:
            memory.popitem(last=False)


def _load_cover(session: Session, branch_id: UUID, first_day: date, days: int) -> Frame:
    """Everything bookable, stretched to the days asked for when they lie near, else just those days."""
    # The version is read first: a change committed meanwhile is then found by the comparison, never missed.
    version = config_version(session)
    branch = catalog.branch(session, branch_id)
    today = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))[0]
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=branch.horizon_days + DAYS_BEYOND)
    if first <= first_day and first_day + timedelta(days=days - 1) <= last:
        return _load(session, version, branch, first, (last - first).days + 1)
    return _load(session, version, branch, first_day, days)


def _load(session: Session, version: UUID, branch: BranchView, first_day: date, days: int) -> Frame:
    zone = clock.zone(branch.time_zone)
    window = Window.of_days(first_day, days, zone)
    people = {person.id: person for person in staff.people_at(session, branch.id)}
    rosters = staff.roster_spans(session, branch.id, first_day, days)
    workers = tuple(Worker(person.id, person.resource_id, person.skill_ids) for person in people.values())
    places = tuple(
        Place(place.resource_id, place.kind, place.type) for place in catalog.resources_at(session, branch.id)
    )
    services = {service.id: service for service in catalog.services(session)}
    return Frame(
        version=version,
        branch=branch,
        zone=zone,
        window=window,
        opening=window.of_spans(catalog.opening_spans(session, branch.id, first_day, days)),
        grid=window.grid(branch.slot_minutes),
        rosters={person: window.of_spans(spans) for person, spans in rosters.items()},
        people=people,
        workers=workers,
        places=places,
        services=services,
        demands={service.id: demand_of(service.steps) for service in services.values() if service.steps},
        resource_ids=[worker.resource_id for worker in workers] + [place.resource_id for place in places],
    )
