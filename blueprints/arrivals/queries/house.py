"""What does not change from minute to minute at a branch: who works when, who can do what, rooms and devices.

Remembered per branch and day, for one version of the chain's configuration: whoever changes a roster is heard at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.arrivals.queries.memory import Memory
from blueprints.arrivals.rules.floor import MinuteSpan, Need, Wanted, Worker
from blueprints.catalog import api as catalog
from blueprints.catalog.api import USUAL, BranchView, ResourceView, ServiceView, StepView, TermsView
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView
from shopbell import clock
from shopbell.config_version import config_version
from shopbell.spans import Span
from shopbell.tenancy import current_tenant

MAIN = "main"
SKIP = 15
"""Clocks are never set forward by less."""


@dataclass(frozen=True)
class House:
    """A branch on one local day. `shifts` are instants, within the opening hours."""

    version: UUID
    branch: BranchView
    zone: ZoneInfo
    day: date
    starts_at: datetime
    ends_at: datetime
    people: dict[UUID, PersonView]
    shifts: dict[UUID, tuple[tuple[datetime, datetime], ...]]
    can: dict[UUID, dict[UUID, float]]
    """By person: the services they give here, with planned minutes as a share of the usual ones."""
    services: dict[UUID, ServiceView]
    wanted: dict[UUID, Wanted]

    def workers(self, now: datetime) -> tuple[Worker, ...]:
        return tuple(
            Worker(id_, person.resource_id, self.working(id_, now), self.can[id_])
            for id_, person in self.people.items()
        )

    def working(self, person_id: UUID, now: datetime) -> tuple[MinuteSpan, ...]:
        return tuple((minutes(first, now), minutes(last, now)) for first, last in self.shifts.get(person_id, ()))

    @property
    def shortest(self) -> Wanted | None:
        """The quickest service that somebody here gives: what a newcomer's wait is told for."""
        return min(self.given, key=lambda wanted: (wanted.minutes, wanted.service_id.int), default=None)

    @property
    def given(self) -> list[Wanted]:
        """The services that somebody of the branch gives, and for which it has what they need."""
        given = {service for services in self.can.values() for service in services}
        return [self.wanted[id_] for id_ in self.services if id_ in given and self.wanted[id_].possible]


Key = tuple[UUID, UUID, date]
HOUSES: Memory[Key, House] = Memory()


def minutes(instant: datetime, now: datetime) -> int:
    """Whole minutes from now, downwards."""
    return int((instant - now).total_seconds() // 60)


def houses(session: Session, branches: Iterable[BranchView], *, at_most: int | None = None) -> dict[UUID, House]:
    """Branches today: one query when they are remembered. No more than `at_most` are read anew; others are left out."""
    version, now, found, read = config_version(session), clock.now(), {}, 0
    shared: list[ServiceView] | None = None
    for branch in branches:
        zone = clock.zone(branch.time_zone)
        day = clock.local_minutes(now, zone)[0]
        key = (current_tenant().id, branch.id, day)
        house = HOUSES.get(key)
        if house and house.version != version:
            house = None
        if house is None and (at_most is None or read < at_most):
            read += 1
            shared = catalog.services(session) if shared is None else shared
            house = _load(session, version, branch, day, shared)
            HOUSES.put(key, house)
        if house is not None:
            found[branch.id] = house
    return found


def house(session: Session, branch_id: UUID) -> House:
    """Raises UnknownBranch."""
    branch = catalog.branch(session, branch_id)
    return houses(session, [branch])[branch_id]


def _load(session: Session, version: UUID, branch: BranchView, day: date, services: list[ServiceView]) -> House:
    zone = clock.zone(branch.time_zone)
    people = {person.id: person for person in staff.people_at(session, branch.id)}
    opening = catalog.opening_spans(session, branch.id, day, 1)[day]
    rosters = staff.roster_spans(session, branch.id, day, 1)
    shifts = {id_: _instants(both(rosters.get(id_, {}).get(day, []), opening), day, zone) for id_ in people}
    places = catalog.resources_at(session, branch.id)
    here, own = catalog.branch_terms(session, branch.id), staff.person_terms(session, people)
    return House(
        version=version,
        branch=branch,
        zone=zone,
        day=day,
        starts_at=wall(day, 0, zone),
        ends_at=wall(day, clock.MINUTES_IN_A_DAY, zone),
        people=people,
        shifts=shifts,
        can={id_: _gives(person, services, here, own.get(id_, {})) for id_, person in people.items()},
        services={service.id: service for service in services},
        wanted={service.id: wanted_of(service, people, places) for service in services},
    )


def _instants(spans: list[Span], day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((wall(day, first, zone), wall(day, last, zone)) for first, last in spans)


def both(some: list[Span], others: list[Span]) -> list[Span]:
    """What lies in both."""
    cuts = [(max(one[0], other[0]), min(one[1], other[1])) for one in some for other in others]
    return sorted(cut for cut in cuts if cut[0] < cut[1])


def wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a local time; one that the clocks skip becomes the end of the gap."""
    for later in range(minute, minute + 181, SKIP):
        try:
            days, rest = divmod(later, clock.MINUTES_IN_A_DAY)
            return clock.at_local(day + timedelta(days=days), rest, zone)
        except clock.SkippedLocalTime:
            continue
    raise ValueError(f"no local time near {day} {minute} in {zone.key}")


def _gives(
    person: PersonView, services: list[ServiceView], here: Mapping[UUID, TermsView], own: Mapping[UUID, TermsView]
) -> dict[UUID, float]:
    found = {}
    for service in services:
        at_branch, themselves = here.get(service.id, USUAL), own.get(service.id, USUAL)
        able = service.active and service.steps and at_branch.offered and themselves.offered
        if able and service.fits(person.levels):
            found[service.id] = at_branch.minutes_percent * themselves.minutes_percent / 10_000
    return found


def wanted_of(service: ServiceView, people: Mapping[UUID, PersonView], places: list[ResourceView]) -> Wanted:
    """What the service takes, with its first variant: whoever gives it, helpers by skill, rooms and devices by type."""
    main: list[MinuteSpan] = []
    needs: list[Need] = []
    by_type: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in places:
        by_type[place.kind, place.type].append(place.resource_id)
    offset = 0
    for step in service.process(service.chosen(())):
        first, last = offset, offset + step.minutes
        offset = last
        if step.skill_id and step.role == MAIN:
            main = joined(main, (first, last))
        elif step.skill_id:
            needs.append(Need(first, last, helpers(step, people)))
        rooms, devices = ("room", step.room_type, step.room_count), ("device", step.device_type, step.device_count)
        for kind, type_, count in (rooms, devices):
            if type_:
                needs.append(Need(first, last, tuple(by_type[kind, type_]), count))
    return Wanted(service.id, max(offset, 5), tuple(main) or ((0, max(offset, 5)),), tuple(needs))


def helpers(step: StepView, people: Mapping[UUID, PersonView]) -> tuple[int, ...]:
    skill = step.skill_id
    return tuple(
        person.resource_id for person in people.values() if skill and person.levels.get(skill, 0) >= step.level
    )


def joined(spans: list[MinuteSpan], span: MinuteSpan) -> list[MinuteSpan]:
    """The spans with one more; touching ones become one."""
    if spans and spans[-1][1] == span[0]:
        return [*spans[:-1], (spans[-1][0], span[1])]
    return [*spans, span]
