"""The queue as people see it: the branch's plan, one person's place in it, the wait at many branches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.queries.house import house, houses
from blueprints.arrivals.queries.memory import Memory
from blueprints.arrivals.queries.now import Now, look
from blueprints.arrivals.rules.floor import NOT_TODAY, Estimate
from blueprints.arrivals.rules.simulate import Outlook, outlook
from blueprints.booking.api import InQueue, OnFloor
from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from shopbell import clock
from shopbell.tenancy import current_tenant

KEPT = timedelta(seconds=15)
"""For so long a wait shown to everybody is not reckoned anew."""
READ_ANEW = 20
"""Branches of which one request reads rosters and rooms, after a change of them; the next requests read the others."""


@dataclass(frozen=True)
class Place:
    """Somebody who waits. `due` is an appointment's time. `promised` is (low, high) in minutes since they came."""

    kind: str
    id: UUID
    number: int | None
    name: str
    service_id: UUID | None
    status: str
    since: datetime
    due: datetime | None
    position: int
    low: int | None
    high: int | None
    person_id: UUID | None
    promised: tuple[int, int] | None
    called_at: datetime | None

    def waited(self, now: datetime) -> int:
        """Minutes so far."""
        return max(int((now - self.since).total_seconds() // 60), 0)

    def is_late(self, now: datetime) -> bool:
        return self.promised is not None and self.waited(now) > self.promised[1]


@dataclass(frozen=True)
class Wait:
    """The wait at a branch for somebody who comes now; both None when nobody could serve them today any more."""

    low: int | None
    high: int | None
    waiting: int


WAITS: Memory[tuple[UUID, UUID], tuple[datetime, Wait]] = Memory()


def present(session: Session, branch_id: UUID) -> Now:
    """A branch as it is now. Raises UnknownBranch."""
    here = house(session, branch_id)
    return look(session, [here])[branch_id]


def reckoned(now: Now) -> Outlook:
    return outlook(now.floor, now.paces, now.house.shortest)


def places(session: Session, now: Now, found: Outlook) -> list[Place]:
    """Everybody who waits, in the order in which they will probably be served."""
    here = waiting_visits(now.visits)
    names = crm.contacts(session, {visit.customer_id for visit in here if visit.customer_id})
    waiting = [visit_place(visit, names, found) for visit in here]
    waiting += [walk_in_place(walk_in, found) for walk_in in now.queue]
    waiting.sort(key=lambda place: (place.status != "called", *when(place), place.since, str(place.id)))
    return [replace(place, position=number) for number, place in enumerate(waiting, 1)]


def when(place: Place) -> tuple[float, bool]:
    """Sorts by the middle of the range, appointments first; those without hope last."""
    if place.low is None or place.high is None:
        return float("inf"), place.kind != "booking"
    return (place.low + place.high) / 2, place.kind != "booking"


def waiting_visits(visits: Collection[OnFloor]) -> list[OnFloor]:
    """Arrived ones; of a visit of several services the one that comes next, and none while another is under way."""
    found: list[OnFloor] = []
    seen: set[tuple[UUID | None, str]] = {
        (visit.visit_id, visit.guest_name) for visit in visits if visit.visit_id and visit.status == "in_service"
    }
    for visit in visits:
        guest = (visit.visit_id, visit.guest_name)
        if visit.status != "arrived" or guest in seen:
            continue
        if visit.visit_id:
            seen.add(guest)
        found.append(visit)
    return found


def visit_place(visit: OnFloor, names: dict[UUID, Any], found: Outlook) -> Place:
    contact = names.get(visit.customer_id) if visit.customer_id else None
    estimate = found.estimates.get(visit.id, NOT_TODAY)
    return Place(
        kind="booking",
        id=visit.id,
        number=None,
        name=visit.guest_name or (contact.name if contact else ""),
        service_id=visit.service_id,
        status="arrived",
        since=visit.arrived_at or visit.starts_at,
        due=visit.starts_at,
        position=0,
        low=estimate.low,
        high=estimate.high,
        person_id=visit.person_id,
        promised=None,
        called_at=None,
    )


def walk_in_place(walk_in: InQueue, found: Outlook) -> Place:
    estimate: Estimate = found.estimates.get(walk_in.id, NOT_TODAY)
    told = walk_in.quoted_low, walk_in.quoted_high
    return Place(
        kind="walk_in",
        id=walk_in.id,
        number=walk_in.number,
        name=walk_in.name,
        service_id=walk_in.service_id,
        status=walk_in.status,
        since=walk_in.arrived_at,
        due=None,
        position=0,
        low=estimate.low,
        high=estimate.high,
        person_id=walk_in.person_id or estimate.person_id,
        promised=None if told[1] is None else (told[0] or 0, told[1]),
        called_at=walk_in.called_at,
    )


def plan(session: Session, branch_id: UUID) -> dict[str, Any]:
    """The branch's queue, ready for JSON, as arrivals.api describes it. Raises UnknownBranch."""
    now = present(session, branch_id)
    found = reckoned(now)
    return {
        "at": epoch(now.at),
        "waiting": [shown(place, now.at) for place in places(session, now, found)],
        "expected": expected(session, now),
        "free": [str(id_) for id_ in found.free],
        "newcomer": {"low": found.newcomer.low, "high": found.newcomer.high},
    }


def shown(place: Place, now: datetime) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "id": str(place.id),
        "number": place.number,
        "name": place.name,
        "service": str(place.service_id) if place.service_id else None,
        "status": place.status,
        "since": epoch(place.since),
        "due": epoch(place.due) if place.due else None,
        "position": place.position,
        "low": place.low,
        "high": place.high,
        "with": str(place.person_id) if place.person_id else None,
        "promised": list(place.promised) if place.promised else None,
        "late": place.is_late(now),
        "called": epoch(place.called_at) if place.called_at else None,
    }


def expected(session: Session, now: Now) -> list[dict[str, Any]]:
    """Appointments whose time has come and whose customer has not."""
    late = [visit for visit in now.visits if visit.status in {"booked", "confirmed"} and visit.starts_at <= now.at]
    names = crm.contacts(session, {visit.customer_id for visit in late if visit.customer_id})
    found = []
    for visit in late:
        contact = names.get(visit.customer_id) if visit.customer_id else None
        minutes = int((now.at - visit.starts_at).total_seconds() // 60)
        found.append(
            {
                "id": str(visit.id),
                "name": visit.guest_name or (contact.name if contact else ""),
                "service": str(visit.service_id) if visit.service_id else None,
                "with": str(visit.person_id) if visit.person_id else None,
                "due": epoch(visit.starts_at),
                "minutes": minutes,
                "gave_up": minutes > visit.grace_minutes,
            }
        )
    return found


def wait_now(session: Session, branch_ids: Collection[UUID]) -> dict[UUID, Wait]:
    """How long somebody would wait who walks in now, for the quickest service, per branch.

    Closed branches, and those whose day has not been read since a change, are left out. What was reckoned within KEPT
    is given again without a query; else four queries answer for any number of branches, and about a millisecond of
    arithmetic for each.
    """
    now, tenant = clock.now(), current_tenant().id
    found = {}
    for id_ in branch_ids:
        known = WAITS.get((tenant, id_))
        if known and known[0] <= now < known[0] + KEPT:
            found[id_] = known[1]
    missing = set(branch_ids) - found.keys()
    if missing:
        branches = [branch for branch in catalog.branches(session) if branch.id in missing and branch.is_open]
        for id_, present_now in look(session, list(houses(session, branches, at_most=READ_ANEW).values())).items():
            outlook_now = reckoned(present_now)
            newcomer = outlook_now.newcomer
            found[id_] = Wait(newcomer.low, newcomer.high, len(present_now.queue))
            WAITS.put((tenant, id_), (now, found[id_]))
    return {id_: wait for id_, wait in found.items() if wait.high is not None}


def epoch(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
