"""The part of a day's board that seldom changes: remembered per version of the chain's configuration.

A shop's screens ask every few seconds. One comparison of the version replaces eight queries; a changed roster or name
is on the screen with the next request all the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView
from shopbell import clock
from shopbell.config_version import config_version
from shopbell.flights import Flights
from shopbell.spans import Span, merged
from shopbell.tenancy import current_tenant

V = TypeVar("V")
REMEMBERED = 1024


class Memory:
    """The values asked for last, by key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._flights = Flights()
        self._known: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, session: Session, key: Hashable, make: Callable[[], V]) -> V:
        """What is known, or else made now: by one of those who want it at the moment."""
        value = self._found(key)
        if value is None:
            session.flush()
            with self._flights.one(key):
                value = self._found(key) or self._keep(key, make())
        return cast(V, value)

    def _found(self, key: Hashable) -> Any:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def _keep(self, key: Hashable, value: V) -> V:
        with self._lock:
            self._known[key] = value
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return value


_memory = Memory(REMEMBERED)


@dataclass
class Frame:
    """A branch's day without its bookings. Ids are text; `opening` and `shifts` are minutes of the local day."""

    branch: BranchView
    zone: ZoneInfo
    day: date
    opening: list[Span]
    shifts: dict[str, list[Span]]
    people: dict[str, PersonView]
    services: dict[str, ServiceView]
    by_resource: dict[int, str]
    """Who of the branch's people a resource is."""
    places: dict[int, str]
    """The names of rooms and devices."""
    _strangers: dict[str, PersonView] = field(default_factory=dict)
    _able: dict[str, list[str]] = field(default_factory=dict)

    def person(self, session: Session, person_id: str) -> PersonView:
        """Somebody of the branch, or who once worked here and still stands in the book."""
        known = self.people.get(person_id) or self._strangers.get(person_id)
        if known is None:
            known = self._strangers[person_id] = staff.person(session, UUID(person_id))
        return known

    def able(self, person: PersonView) -> list[str]:
        """The services this person has the skills for."""
        known = self._able.get(str(person.id))
        if known is None:
            offered = {key: service for key, service in self.services.items() if service.active}
            known = [key for key, service in offered.items() if service.fits(person.levels)]
            self._able[str(person.id)] = known
        return known

    def usual_work(self, service_id: str | None, options: Collection[str]) -> list[Span]:
        """When a person is needed from the service's start on, by its steps: for what holds no time of its own."""
        service = self.services.get(service_id) if service_id else None
        chosen = service.chosen(option.id for option in service.options if str(option.id) in options) if service else ()
        spans, at = [], 0
        for step in service.process(chosen) if service else ():
            if step.skill_id and step.role == "main":
                spans.append((at, at + step.minutes))
            at += step.minutes
        return merged(spans)


def branch_at(session: Session, branch_id: UUID) -> BranchView:
    """Raises UnknownBranch."""
    return _branch(session, branch_id, config_version(session))


def frame_of(session: Session, branch_id: UUID, day: date | None) -> Frame:
    """The day's frame, today's when no day is named. One query when it is remembered. Raises UnknownBranch."""
    version = config_version(session)
    branch = _branch(session, branch_id, version)
    zone = clock.zone(branch.time_zone)
    wanted = day or clock.local_minutes(clock.now(), zone)[0]
    key = (current_tenant().id, branch_id, wanted, version)
    return _memory.get(session, key, lambda: _load(session, branch, zone, wanted))


def _branch(session: Session, branch_id: UUID, version: UUID) -> BranchView:
    return _memory.get(session, (current_tenant().id, branch_id, version), lambda: catalog.branch(session, branch_id))


def _load(session: Session, branch: BranchView, zone: ZoneInfo, day: date) -> Frame:
    shifts = staff.roster_spans(session, branch.id, day, 1)
    people = {str(person.id): person for person in staff.people_at(session, branch.id)}
    return Frame(
        branch=branch,
        zone=zone,
        day=day,
        opening=catalog.opening_spans(session, branch.id, day, 1)[day],
        shifts={str(person): list(spans[day]) for person, spans in shifts.items()},
        people=people,
        services={str(service.id): service for service in catalog.services(session, active_only=False)},
        by_resource={person.resource_id: key for key, person in people.items()},
        places={place.resource_id: place.name for place in catalog.resources_at(session, branch.id)},
    )
