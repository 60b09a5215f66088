"""A large branch: 20 people, 18 rooms, 8 devices, 150 appointments a day, and a year of past ones behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Allocation, Booking
from blueprints.catalog.models import Branch, OpeningHours, Resource, Service, ServiceStep, Skill
from blueprints.crm import api as crm
from blueprints.staff.models import Person, PersonSkill, RosterShift
from shopbell import clock, ids

PEOPLE, ROOMS, DEVICES = 20, 18, 8
BUSY_DAYS = 14
BOOKINGS_A_DAY = 150
ZONE = "Asia/Shanghai"
OPENS, CLOSES = 9 * 60, 21 * 60


@dataclass(frozen=True)
class BigBranch:
    """`exam` has three steps and needs a room and a device; `short` takes 15 minutes of all three at once.

    `quiet_branches` are empty ones of the same size, for writing into.
    """

    id: UUID
    exam: UUID
    short: UUID
    people: tuple[UUID, ...]
    quiet_branches: tuple[UUID, ...]
    quiet_people: dict[UUID, tuple[UUID, ...]]
    first_day: date


def furnish(session: Session) -> BigBranch:
    """Create everything in the session's tenant."""
    skill = Skill(id=ids.uuid7(), key="bench", name={"en": "Refraction"})
    session.add(skill)
    session.flush()
    exam = service(session, "bench-exam", skill.id, ((10, "", ""), (20, "room", "device"), (10, "room", "")))
    short = service(session, "bench-short", skill.id, ((15, "room", "device"),))
    first_day = clock.local_minutes(clock.now(), clock.zone(ZONE))[0] + timedelta(days=1)
    busy = branch(session, "bench-busy", skill.id)
    quiet = [branch(session, f"bench-quiet-{number}", skill.id) for number in range(8)]
    session.flush()
    fill(session, busy, short, first_day)
    return BigBranch(
        busy,
        exam,
        short,
        people_of(session, busy),
        tuple(quiet),
        {one: people_of(session, one) for one in quiet},
        first_day,
    )


def branch(session: Session, slug: str, skill_id: UUID) -> UUID:
    row = Branch(id=ids.uuid7(), slug=slug, name={"en": slug}, address={}, phone="+862150001234", time_zone=ZONE)
    session.add(row)
    session.flush()
    week = range(7)
    hours = [{"id": ids.uuid7(), "branch_id": row.id, "weekday": day, "opens": OPENS, "closes": CLOSES} for day in week]
    session.execute(insert(OpeningHours), hours)
    people = [ids.uuid7() for _ in range(PEOPLE)]
    session.execute(
        insert(Person),
        [
            {"id": one, "name": f"Person {n}", "title": {}, "bio": {}, "languages": ["en"], "home_branch_id": row.id}
            for n, one in enumerate(people)
        ],
    )
    session.execute(insert(PersonSkill), [{"person_id": one, "skill_id": skill_id} for one in people])
    since = date(2020, 1, 1)
    shifts = [
        {
            "id": ids.uuid7(),
            "person_id": one,
            "branch_id": row.id,
            "weekday": day,
            "starts": OPENS,
            "ends": CLOSES,
            "valid_from": since,
        }
        for one in people
        for day in week
    ]
    session.execute(insert(RosterShift), shifts)
    places = [
        ("room", ROOMS if slug == "bench-busy" else PEOPLE),
        ("device", DEVICES if slug == "bench-busy" else PEOPLE),
    ]
    rows = [
        {"id": ids.uuid7(), "branch_id": row.id, "kind": kind, "type": kind, "name": f"{kind} {n}"}
        for kind, count in places
        for n in range(count)
    ]
    session.execute(insert(Resource), rows)
    return row.id


def service(session: Session, slug: str, skill_id: UUID, steps: tuple[tuple[int, str, str], ...]) -> UUID:
    row = Service(
        id=ids.uuid7(),
        slug=slug,
        name={"en": slug},
        description={},
        category={"en": "Bench"},
        price_minor=100,
        currency="CNY",
    )
    session.add(row)
    session.flush()
    for position, (minutes, room, device) in enumerate(steps):
        session.add(
            ServiceStep(
                id=ids.uuid7(),
                service_id=row.id,
                position=position,
                name={"en": str(position)},
                minutes=minutes,
                skill_id=skill_id,
                room_type=room or None,
                device_type=device or None,
            )
        )
    session.flush()
    return row.id


def fill(session: Session, branch_id: UUID, service_id: UUID, first_day: date) -> None:
    """150 appointments a day: people round robin, rooms and some devices with them, never overlapping."""
    customers = [crm.remember(session, f"Customer {n}", f"+86138{n:08}", None, "en") for n in range(50)]
    people = session.scalars(
        select(Person.resource_id).where(Person.home_branch_id == branch_id).order_by(Person.resource_id)
    ).all()
    rooms = session.scalars(
        select(Resource.resource_id).where(Resource.branch_id == branch_id, Resource.kind == "room")
    ).all()
    persons = dict(session.execute(select(Person.resource_id, Person.id)).all())  # type: ignore[arg-type]
    bookings: list[dict[str, Any]] = []
    taken: list[dict[str, Any]] = []
    for day in range(BUSY_DAYS):
        opening = clock.at_local(first_day + timedelta(days=day), OPENS, clock.zone(ZONE))
        for number in range(BOOKINGS_A_DAY):
            lane, turn = number % ROOMS, number // ROOMS
            starts = opening + timedelta(minutes=75 * turn + 5 * (lane % 3))
            booking = one_booking(branch_id, service_id, persons[people[lane]], customers[number % 50], starts)
            bookings.append(booking)
            for resource in (people[lane], rooms[lane]):
                span = {"starts_at": starts, "ends_at": starts + timedelta(minutes=30)}
                taken.append({"booking_id": booking["id"], "resource_id": resource, **span})
    session.execute(insert(Booking), bookings)
    session.execute(insert(Allocation), taken)


def one_booking(
    branch_id: UUID, service_id: UUID, person_id: UUID, customer_id: UUID, starts: datetime
) -> dict[str, Any]:
    return {
        "id": ids.uuid7(),
        "ref": "BENCH22",
        "branch_id": branch_id,
        "service_id": service_id,
        "person_id": person_id,
        "customer_id": customer_id,
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=30),
        "status": "booked",
        "source": "web",
        "price_minor": 100,
        "currency": "CNY",
        "created_at": datetime.now(UTC),
    }


def people_of(session: Session, branch_id: UUID) -> tuple[UUID, ...]:
    return tuple(session.scalars(select(Person.id).where(Person.home_branch_id == branch_id).order_by(Person.id)))
