"""Taking people, rooms and devices for a time: the one place that writes allocations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import BranchClosed, NobodyCan, OutsideHours, SlotTaken
from blueprints.booking.frames import Frame
from blueprints.booking.models import NO_OVERLAP, Allocation
from blueprints.booking.plan import Reading
from blueprints.booking.rules import policy
from blueprints.booking.rules.needs import Demand
from blueprints.booking.rules.slots import Choice, choose, people_by_start, starts_by_person
from blueprints.booking.rules.timeline import CELL_MINUTES, CELLS_IN_A_DAY, cell_of, instant_of
from blueprints.booking.rules.timeline import run as span_of
from blueprints.booking.values import FreeDay, Slot
from blueprints.catalog.api import UnknownService
from blueprints.staff.api import UnknownPerson
from shopbell import clock
from shopbell.db import run, table
from shopbell.i18n import gettext as _

TRIES = 4
"""How often another person or room is tried when somebody else was faster by a moment."""

ALTERNATIVES = 5
ALTERNATIVE_DAYS = 7

# Rows go in sorted and conflicts are skipped, not raised: plain inserts into the constraint deadlock under a storm.
TAKE = insert(table(Allocation)).on_conflict_do_nothing(constraint=NO_OVERLAP).returning(Allocation.resource_id)
STALE = delete(Allocation).where(
    Allocation.resource_id.in_(bindparam("resources", expanding=True)),
    Allocation.expires_at <= bindparam("now"),
    Allocation.starts_at < bindparam("last"),
    Allocation.ends_at > bindparam("first"),
)


def demand_for(frame: Frame, service_id: UUID, person_id: UUID | None) -> Demand:
    """What a service takes at this branch. Raises BranchClosed, UnknownService, UnknownPerson or NobodyCan."""
    if not frame.branch.is_open:
        raise BranchClosed(_("Please choose another branch, or call this one."))
    demand = frame.demands.get(service_id)
    if demand is None:
        raise UnknownService
    if person_id is not None and person_id not in frame.people:
        raise UnknownPerson
    if not any(demand.skills <= worker.skills for worker in frame.workers_for(person_id)):
        raise NobodyCan(_("Choose another person or another branch for this service."))
    return demand


def check_time(frame: Frame, demand: Demand, starts_at: datetime, *, by_staff: bool) -> int:
    """The start as a cell of the frame's window. Raises the errors of rules.policy, or OutsideHours."""
    policy.check_start(frame.branch, starts_at, frame.zone, at=clock.now(), by_staff=by_staff)
    start = cell_of(starts_at) - frame.window.origin
    wanted = span_of(start, start + demand.length)
    if frame.opening & wanted != wanted:
        raise OutsideHours(
            _("Choose a time within the opening hours; the whole appointment must fit."),
            fields={"start": _("a time within the opening hours")},
        )
    return start


def take(
    session: Session,
    reading: Reading,
    booking_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    person_id: UUID | None,
    *,
    by_staff: bool = False,
    expires_at: datetime | None = None,
    without: UUID | None = None,
) -> Choice:
    """Allocate everything the service needs from `starts_at` on, or raise SlotTaken with alternatives.

    Somebody else may take the chosen room or person between our look and our insert: then the book is read again and
    the next best is tried. Raises also what demand_for and check_time raise.
    """
    demand = demand_for(reading.frame, service_id, person_id)
    start = check_time(reading.frame, demand, starts_at, by_staff=by_staff)
    for _try in range(TRIES):
        choice = choose(reading.book, demand, start, reading.frame.workers_for(person_id))
        if choice is None:
            break
        if insert_allocations(session, reading, booking_id, choice, expires_at):
            return choice
        reading = plan.read_day_of(session, reading.frame.branch.id, starts_at, without=without)
    raise taken_error(session, reading.frame, service_id, starts_at, person_id)


def insert_allocations(
    session: Session, reading: Reading, booking_id: UUID, choice: Choice, expires_at: datetime | None
) -> bool:
    """All of the choice, or nothing: False when somebody holds a part of it."""
    origin = reading.frame.window.origin
    rows = [
        {
            "booking_id": booking_id,
            "resource_id": resource,
            "starts_at": instant_of(origin + first),
            "ends_at": instant_of(origin + last),
            "expires_at": expires_at,
        }
        for resource, first, last in choice.taken
    ]
    if reading.stale_holds and rows:
        remove_stale_holds(session, rows)
    if rows and len(run(session, TAKE, rows).all()) < len(rows):
        session.execute(delete(Allocation).where(Allocation.booking_id == booking_id))
        return False
    return True


def remove_stale_holds(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.execute(
        STALE,
        {
            "resources": [row["resource_id"] for row in rows],
            "now": clock.now(),
            "first": min(row["starts_at"] for row in rows),
            "last": max(row["ends_at"] for row in rows),
        },
    )


def ends_at(starts_at: datetime, demand: Demand) -> datetime:
    return starts_at + timedelta(minutes=demand.length * CELL_MINUTES)


def free_days(
    session: Session,
    branch_id: UUID,
    service_id: UUID,
    first_day: date,
    days: int,
    person_id: UUID | None = None,
    *,
    without: UUID | None = None,
) -> list[FreeDay]:
    """Free starts on each of the days (local to the branch), within lead time and horizon; a full day has no slots.

    `without` counts an appointment's own time as free, for moving it by a little.
    Raises UnknownBranch, UnknownService, UnknownPerson, BranchClosed or NobodyCan.
    """
    reading = plan.read(session, branch_id, first_day, days, without=without)
    return days_of(reading, service_id, person_id, days)


def days_of(reading: Reading, service_id: UUID, person_id: UUID | None, days: int) -> list[FreeDay]:
    frame, now = reading.frame, clock.now()
    demand = demand_for(frame, service_id, person_id)
    window = frame.window
    allowed = window.from_instant(now + timedelta(minutes=frame.branch.lead_minutes))
    allowed &= window.until_instant(policy.horizon(frame.branch, now, frame.zone))
    starts = starts_by_person(reading.book, demand, frame.workers_for(person_id))
    possible = {person: bitmap & allowed for person, bitmap in starts.items()}
    slots: dict[date, list[Slot]] = {day: [] for day in window.calendar()}
    for position, people in people_by_start(possible, grid_step(frame)):
        moment = window.moment(position)
        slots[moment.day].append(Slot(moment.instant, people, moment.text))
    return [FreeDay(day, tuple(found)) for day, found in slots.items()]


def grid_step(frame: Frame) -> int:
    """How many cells lie between possible starts; one where a clock change may shift the grid within the window."""
    cells = frame.branch.slot_minutes // CELL_MINUTES
    return cells if frame.window.length == frame.window.days * CELLS_IN_A_DAY else 1


def taken_error(
    session: Session, frame: Frame, service_id: UUID, starts_at: datetime, person_id: UUID | None
) -> SlotTaken:
    """The error for a lost race, with the free times nearest to the one wanted."""
    return SlotTaken(
        _("Please choose one of the times that are still free."),
        alternatives=alternatives(session, frame, service_id, starts_at, person_id),
    )


def alternatives(
    session: Session, frame: Frame, service_id: UUID, starts_at: datetime, person_id: UUID | None
) -> list[dict[str, Any]]:
    """The nearest free starts of the next days, as {start, staff: {id, name}}, in order of time."""
    day = clock.local_minutes(starts_at, frame.zone)[0]
    reading = plan.read(session, frame.branch.id, day, ALTERNATIVE_DAYS)
    found = [slot for free in days_of(reading, service_id, person_id, ALTERNATIVE_DAYS) for slot in free.slots]
    if not found and person_id is not None:
        found = [slot for free in days_of(reading, service_id, None, ALTERNATIVE_DAYS) for slot in free.slots]
    nearest = sorted(found, key=lambda slot: abs(slot.starts_at - starts_at))[:ALTERNATIVES]
    return [
        {
            "start": slot.text,
            "staff": {"id": str(slot.person_ids[0]), "name": frame.people[slot.person_ids[0]].name},
        }
        for slot in sorted(nearest, key=lambda slot: slot.starts_at)
    ]
