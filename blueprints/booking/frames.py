"""The part of the book that seldom changes, remembered: opening hours, rosters, services, rooms, as bitmaps.

Per branch one frame covers everything that can be booked; the frames of single days or weeks are cut from it without
asking the database. A frame belongs to one version of the tenant's configuration. Each use compares the version in the
round trip that reads the allocations, so a changed roster is in force with the next request.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.booking.epochs import Epoch, PersonTerms, epochs_of
from blueprints.booking.errors import NobodyCan
from blueprints.booking.rules.needs import Demand, demand_of
from blueprints.booking.rules.rulebook import Rulebook
from blueprints.booking.rules.slots import Place, Wanted, Worker
from blueprints.booking.rules.timeline import Window
from blueprints.booking.values import Item
from blueprints.catalog import api as catalog
from blueprints.catalog.api import USUAL, BranchView, ServiceView, TermsView, UnknownService
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView, UnknownPerson, WorkerView
from shopbell import clock
from shopbell.config_version import config_version
from shopbell.flights import Flights
from shopbell.i18n import gettext as _
from shopbell.spans import Span
from shopbell.tenancy import current_tenant

REMEMBERED_COVERS = 1024
REMEMBERED_CUTS = 512
"""A fortnight with its times written out takes about 200 KB; cutting it anew takes a few milliseconds."""
REMEMBERED_WISHES = 256
DAYS_BACK, DAYS_BEYOND = 2, 14
"""A cover reaches from before today to past the horizon, so that it serves a fortnight on the last bookable day."""


@dataclass(frozen=True)
class Frame:
    """What does not change from booking to booking, for one branch and window.

    Its fields tell what holds on the first day; from the days in `later` on other things hold: ask it `on` a day.
    """

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
    services: Mapping[UUID, ServiceView]
    offered: frozenset[UUID]
    branch_terms: Mapping[UUID, TermsView]
    person_terms: PersonTerms
    rulebook: Rulebook
    resource_ids: list[int]
    shortest: int
    near: tuple[UUID, ...] = ()
    """The branches whose appointments may take these people's time, itself among them; of a frame that stands alone."""
    later: dict[date, Epoch] = field(default_factory=dict, compare=False, repr=False)
    """By the days of the window, in order, from which something else holds; hardly ever any."""
    _days: dict[date, Frame] = field(default_factory=dict, compare=False, repr=False)
    _demands: dict[DemandKey, Demand] = field(default_factory=dict, compare=False, repr=False)
    _wanted: dict[WantedKey, Wanted] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def resources_text(self) -> str:
        """Its people, rooms and devices as PostgreSQL writes an array."""
        return f"{{{','.join(map(str, self.resource_ids))}}}"

    @cached_property
    def near_text(self) -> str:
        return f"{{{','.join(map(str, self.near))}}}"

    @cached_property
    def people_ids(self) -> dict[UUID, str]:
        """The people's ids as text."""
        return {person: str(person) for person in self.people}

    def wanted(self, item: Item, extra_minutes: int = 0, *, made: bool = False) -> Wanted:
        """An item with everybody who may lead it here, remembered; one of an appointment already `made` may be on offer
        no more.

        Raises UnknownService, UnknownOption, UnknownPerson or NobodyCan.
        """
        key = (item.service_id, item.options, item.person_id, extra_minutes, made)
        found = self._wanted.get(key)
        if found is None:
            if len(self._wanted) >= REMEMBERED_WISHES:
                self._wanted.clear()
            found = self._wanted[key] = self._checked(item, extra_minutes, made)
        return found

    def _checked(self, item: Item, extra_minutes: int, made: bool) -> Wanted:
        service = self.services.get(item.service_id)
        if service is None or not (made or item.service_id in self.offered):
            raise UnknownService
        if item.person_id is not None and all(worker.id != item.person_id for worker in self.workers):
            raise UnknownPerson
        service.chosen(item.options)
        usual = self.demand(item, None, extra_minutes)
        if not usual.blocks:
            raise NobodyCan(_("This service has no steps yet."))
        if usual.lead is None:
            return Wanted(((None, usual),))
        leads = tuple(
            (worker, self.demand(item, worker.id, extra_minutes) if worker.id in self.person_terms else usual)
            for worker in self.workers
            if item.person_id in {None, worker.id} and self._gives(worker, item.service_id, usual)
        )
        helped = all(
            any(worker.has(needed) for worker in self.workers)
            for role, needed in usual.levels.items()
            if role != usual.lead
        )
        if not leads or not helped:
            raise NobodyCan(_("Choose another person or another branch for this service."))
        return Wanted(leads)

    def _gives(self, worker: Worker, service_id: UUID, demand: Demand) -> bool:
        offered = self.person_terms.get(worker.id, {}).get(service_id, USUAL).offered
        return offered and demand.lead is not None and worker.has(demand.levels[demand.lead])

    def demand(self, item: Item, lead_id: UUID | None, extra_minutes: int = 0) -> Demand:
        """What an item takes when that person leads it, remembered."""
        percent = self._percent(item.service_id, lead_id)
        key = (item.service_id, item.options, percent, extra_minutes)
        found = self._demands.get(key)
        if found is None:
            service = self.services[item.service_id]
            found = self._demands[key] = demand_of(
                service.process(service.chosen(item.options)),
                percent=percent,
                extra_minutes=extra_minutes,
                buffer_before_minutes=service.buffer_before_minutes,
                buffer_after_minutes=service.buffer_after_minutes,
            )
        return found

    def _percent(self, service_id: UUID, lead_id: UUID | None) -> int:
        branch = self.branch_terms.get(service_id, USUAL).minutes_percent
        person = self.person_terms.get(lead_id, {}).get(service_id, USUAL).minutes_percent if lead_id else 100
        return branch * person // 100

    def price(self, item: Item, lead_id: UUID | None) -> int:
        """In minor units: the person's own price, else the branch's, else the service's, with the options chosen."""
        service = self.services[item.service_id]
        person = self.person_terms.get(lead_id, {}).get(item.service_id, USUAL).price_minor if lead_id else None
        branch = self.branch_terms.get(item.service_id, USUAL).price_minor
        base = next((price for price in (person, branch) if price is not None), service.price_minor)
        return max(0, base + service.price_with(service.chosen(item.options)) - service.price_minor)

    def on(self, day: date) -> Frame:
        """The same with what holds for appointments that begin on a day of the window."""
        begun = [start for start in self.later if start <= day] if self.later else ()
        if not begun:
            return self
        found = self._days.get(begun[-1])
        if found is None:
            epoch = self.later[begun[-1]]
            found = self._days[begun[-1]] = replace(
                self,
                **{name.name: getattr(epoch, name.name) for name in fields(Epoch)},
                grid=self.window.grid(epoch.branch.slot_minutes),
                later={},
                _days={},
                _demands={},
                _wanted={},
            )
        return found

    def stretches(self, first_day: date, days: int) -> list[tuple[Frame, date, int]]:
        """These days of the window, as few runs of days as have one set of rules: (its frame, first day, days)."""
        if not self.later:
            return [(self, first_day, days)]
        after = first_day + timedelta(days=days)
        begins = [first_day, *(day for day in self.later if first_day < day < after)]
        return [
            (self.on(begin), begin, (end - begin).days) for begin, end in zip(begins, [*begins[1:], after], strict=True)
        ]

    def cut(self, first_day: date, days: int) -> Frame:
        """The same for fewer days of its window."""
        window = Window.of_days(first_day, days, self.zone)
        shift, everything = window.origin - self.window.origin, window.everything
        last_day = first_day + timedelta(days=days - 1)
        frame = self.on(first_day)
        return replace(
            frame,
            window=window,
            opening=self.opening >> shift & everything,
            grid=frame.grid >> shift & everything,
            rosters={person: bitmap >> shift & everything for person, bitmap in self.rosters.items()},
            later={day: epoch for day, epoch in self.later.items() if first_day < day <= last_day},
            _days={},
        )

    def covers(self, first_day: date, days: int) -> bool:
        behind = (first_day - self.window.first_day).days
        return behind >= 0 and behind + days <= self.window.days


DemandKey = tuple[UUID, tuple[UUID, ...], int, int]
WantedKey = tuple[UUID, tuple[UUID, ...], UUID | None, int, bool]
BranchKey = tuple[UUID, UUID]
CutKey = tuple[UUID, UUID, date, int]
K = TypeVar("K")
_covers: OrderedDict[BranchKey, Frame] = OrderedDict()
_cuts: OrderedDict[CutKey, Frame] = OrderedDict()
_lock = threading.Lock()
_flights = Flights()


def frame(session: Session, branch_id: UUID, first_day: date, days: int, *, version: UUID | None = None) -> Frame:
    """The frame of a branch over whole local days. Raises UnknownBranch.

    With a `version`, what is remembered of another one is not used.
    """
    cut_key = (current_tenant().id, branch_id, first_day, days)
    known = _cut(cut_key, version)
    if known:
        return known
    cover = _covering(branch_id, first_day, days, version)
    if cover is None:
        session.flush()
        # The version is read first: a change committed meanwhile is then found by the comparison, never missed.
        now = config_version(session)
        with _flights.one((*cut_key[:2], now)):
            cover = _covering(branch_id, first_day, days, version) or _cut(cut_key, version)
            cover = cover or _new_cover(session, now, branch_id, first_day, days)
    found = cover.cut(first_day, days)
    _remember(_cuts, cut_key, found, REMEMBERED_CUTS)
    return found


def _cut(key: CutKey, version: UUID | None) -> Frame | None:
    with _lock:
        known = _cuts.get(key)
    return known if known and version in {None, known.version} else None


def _covering(branch_id: UUID, first_day: date, days: int, version: UUID | None) -> Frame | None:
    with _lock:
        known = _covers.get((current_tenant().id, branch_id))
    return known if known and version in {None, known.version} and known.covers(first_day, days) else None


def _new_cover(session: Session, version: UUID, branch_id: UUID, first_day: date, days: int) -> Frame:
    found = _load_cover(session, version, branch_id, first_day, days)
    if found.window.days > days:
        # Days far away are read for themselves: they must not push out what everybody asks for.
        _remember(_covers, (current_tenant().id, branch_id), found, REMEMBERED_COVERS)
    return found


def at(session: Session, branch_id: UUID, instant: datetime) -> Frame:
    """The frame of the local day that contains the instant, as last known. Raises UnknownBranch."""
    return frame(session, branch_id, clock.local_minutes(instant, zone_of(session, branch_id))[0], 1)


def current(session: Session, branch_id: UUID, instant: datetime) -> Frame:
    """The same as the configuration is now. Raises UnknownBranch."""
    version, day = config_version(session), clock.local_minutes(instant, zone_of(session, branch_id))[0]
    found = frame(session, branch_id, day, 1, version=version)
    day_there = clock.local_minutes(instant, found.zone)[0]
    return found if day_there == day else frame(session, branch_id, day_there, 1, version=version)


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


def _load_cover(session: Session, version: UUID, branch_id: UUID, first_day: date, days: int) -> Frame:
    """Everything bookable, stretched to the days asked for when they lie near, else just those days."""
    branch = catalog.branch(session, branch_id)
    today = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))[0]
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=branch.horizon_days + DAYS_BEYOND)
    if first <= first_day and first_day + timedelta(days=days - 1) <= last:
        return _load(session, version, branch, first, (last - first).days + 1)
    return _load(session, version, branch, first_day, days)


def _load(session: Session, version: UUID, branch: BranchView, first_day: date, days: int) -> Frame:
    found = load_many(session, version, [branch], first_day, days)[branch.id]
    return replace(found, near=(branch.id, *staff.other_branches(session, branch.id)))


def load_many(
    session: Session, version: UUID, branches: Sequence[BranchView], first_day: date, days: int, *, named: bool = True
) -> dict[UUID, Frame]:
    """The frames of several branches over the same calendar days, in as many queries as for one; not remembered.

    Without names `people` is empty: whoever searches a whole chain needs to know only who can be taken.
    """
    ids = [branch.id for branch in branches]
    people = staff.people_of(session, ids) if named else {}
    everybody: Mapping[UUID, Sequence[PersonView | WorkerView]] = people if named else staff.workers_of(session, ids)
    of_whom = {person.id for found in people.values() for person in found} if named else None
    person_terms = staff.person_terms(session, of_whom)
    rosters = staff.rosters_of(session, ids, first_day, days)
    places = catalog.resource_types_of(session, ids)
    epochs = epochs_of(session, version, branches, first_day, days, person_terms)
    opening = catalog.opening_of(session, ids, first_day, days)
    windows: dict[str, Window] = {}
    grids: dict[tuple[str, int], int] = {}
    spans = Patterns()
    result = {}
    for place in branches:
        now, *later = epochs[place.id].items()
        branch, zone = now[1].branch, clock.zone(place.time_zone)
        window = windows.setdefault(zone.key, Window.of_days(first_day, days, zone))
        grid = grids.get((zone.key, branch.slot_minutes))
        if grid is None:
            grid = grids[zone.key, branch.slot_minutes] = window.grid(branch.slot_minutes)
        workers = tuple(Worker(person.id, person.resource_id, person.levels) for person in everybody[branch.id])
        rooms = tuple(Place(*place) for place in places[branch.id])
        result[branch.id] = Frame(
            version=version,
            **vars(now[1]),
            zone=zone,
            window=window,
            opening=spans.of(window, opening[branch.id]),
            grid=grid,
            rosters={person: spans.of(window, found) for person, found in rosters[branch.id].items()},
            people={person.id: person for person in people.get(branch.id, ())},
            workers=workers,
            places=rooms,
            resource_ids=[worker.resource_id for worker in workers] + [room.resource_id for room in rooms],
            later=dict(later),
        )
    return result


class Patterns:
    """Bitmaps of local spans, made once for each pattern: most people of a chain work the same few weeks."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], int] = {}
        self._seen: dict[tuple[int, int], tuple[object, int]] = {}

    def of(self, window: Window, days: dict[date, list[Span]]) -> int:
        seen = self._seen.get((id(window), id(days)))
        if seen is None:
            # What was seen is kept, so that nothing else can get its id.
            seen = self._seen[id(window), id(days)] = ((window, days), self._of(window, days))
        return seen[1]

    def _of(self, window: Window, days: dict[date, list[Span]]) -> int:
        key = (window.zone.key, *((day, tuple(spans)) for day, spans in days.items()))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = window.of_spans(days)
        return found
