"""Everything that changes a visit, at the same moment, on really committed data: no overlap, and no time lost."""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from blueprints.booking import service
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.values import BookingRequest, CustomerInput, Guest, HoldRequest, Item, Override
from blueprints.catalog.models import Resource, Service, ServiceStep
from blueprints.staff.models import Person
from shopbell import ids
from shopbell.db import is_deadlock
from shopbell.errors import DomainError
from tests.booking.test_no_overlap import OVERLAPS, at
from tests.support import world

CLERKS, MOVES = 8, 40
PATIENCE = 20
"""Tries after deadlocks; the product's edge gives up earlier, so nothing may come near."""

WORK = {
    "reserve": 5,
    "visit": 2,
    "party": 3,
    "series": 1,
    "hold": 3,
    "pass_by": 3,
    "keep": 3,
    "release": 1,
    "expire": 2,
    "move": 6,
    "extend": 5,
    "cancel": 4,
    "block": 2,
    "unblock": 2,
    "override": 1,
    "ask": 3,
    "approve": 3,
    "decline": 1,
}


@pytest.fixture
def stage(committed, shops, now):
    """The first chain with an empty book and a service on request, which are gone again afterwards."""
    shop = shops[0]
    world.empty(committed, shop)
    with committed.transaction(shop.tenant) as session:
        asked = world.service(session, "storm-request", shop.skill_id, ((15, None, None),))
        session.execute(update(Service).where(Service.id == asked).values(needs_approval=True))
    yield shop, asked
    world.empty(committed, shop)
    with committed.transaction(shop.tenant) as session:
        session.execute(delete(ServiceStep).where(ServiceStep.service_id == asked))
        session.execute(delete(Service).where(Service.id == asked))


class Clerk:
    """A connection with its own order of work; what anybody made may be changed by everybody."""

    def __init__(self, database, shop, asked, made, seed: int) -> None:
        self.database, self.shop, self.asked, self.made = database, shop, asked, made
        self.random = random.Random(seed)
        self.deadlocks = 0
        self.outcomes: Counter[str] = Counter()

    def work(self) -> None:
        for kind in self.random.choices(list(WORK), list(WORK.values()), k=MOVES):
            # Drawn once: a try after a deadlock does the same again.
            state = self.random.getstate()
            for _try in range(PATIENCE):
                self.random.setstate(state)
                if self.attempt(kind):
                    break
                self.deadlocks += 1
            else:
                raise AssertionError(f"{kind} ran into one deadlock after the other")

    def attempt(self, kind: str) -> bool:
        try:
            with self.database.transaction(self.shop.tenant) as session:
                found = getattr(self, kind)(session)
            if found:
                self.made.append(found)
            self.outcomes[f"{kind} done"] += 1
        except DomainError as refusal:
            self.outcomes[f"{kind} {refusal.code}"] += 1
        except DBAPIError as error:
            if not is_deadlock(error):
                raise
            return False
        return True

    def request(self, *items, guests=(), **more) -> BookingRequest:
        """At one of few times, so that everybody is in everybody's way."""
        customer = CustomerInput("A", f"1381234567{self.random.randrange(10)}")
        start = at(self.random.randrange(16))
        found = guests or (Guest(tuple(map(Item, items))),)
        return BookingRequest(self.shop.branch_id, None, start, customer, guests=found, **more)

    def any(self, *kinds: str):
        found = [id_ for kind, id_ in list(self.made) if kind in kinds]
        return self.random.choice(found) if found else ids.uuid7()

    def reserve(self, session):
        which = self.random.choice((self.shop.eye_test, self.shop.fitting))
        return "booking", service.reserve(session, self.request(which)).id

    def visit(self, session):
        return "booking", service.reserve(session, self.request(self.shop.fitting, self.shop.eye_test)).id

    def party(self, session):
        guests = (Guest((Item(self.shop.eye_test),)), Guest((Item(self.shop.fitting),), "B"))
        return "booking", service.reserve(session, self.request(guests=guests)).id

    def series(self, session):
        made = service.reserve_series(session, self.request(self.shop.fitting), every_weeks=1, visits=3)
        return "booking", made.placed[0].id

    def hold(self, session, minutes: int = 10):
        wish = self.request(self.shop.eye_test)
        return "hold", service.hold(
            session, HoldRequest(wish.branch_id, None, wish.starts_at, guests=wish.guests, minutes=minutes)
        ).booking_id

    def pass_by(self, session):
        """A hold that is over as soon as it is made: its time stands in the way until somebody needs it."""
        return self.hold(session, 0)

    def keep(self, session):
        return "booking", service.reserve(session, self.request(self.shop.eye_test, hold_id=self.any("hold"))).id

    def release(self, session):
        service.release(session, self.any("hold"))

    def expire(self, session):
        service.expire_holds(session, self.any("hold"))

    def move(self, session):
        alone, start = self.random.random() < 0.3, at(self.random.randrange(16))
        service.move(session, self.any("booking", "asked"), start, by="staff", alone=alone)

    def extend(self, session):
        service.extend(session, self.any("booking", "asked"), self.random.choice((-5, 0, 5, 15, 30)))

    def cancel(self, session):
        service.cancel(session, self.any("booking"), by="staff", alone=self.random.random() < 0.3)

    def block(self, session):
        first = at(self.random.randrange(16))
        person = self.random.choice(self.shop.people)
        return "block", service.block(
            session, self.shop.branch_id, person, first, first + timedelta(minutes=45), "Errand"
        )

    def unblock(self, session):
        service.unblock(session, self.any("block"))

    def override(self, session):
        forced = self.request(self.shop.fitting, source="desk", override=Override("An old friend"))
        return "booking", service.reserve(session, forced).id

    def ask(self, session):
        return "asked", service.reserve(session, self.request(self.asked)).id

    def approve(self, session):
        service.approve(session, self.any("asked"))

    def decline(self, session):
        service.cancel(session, self.any("asked"), by="staff", reason="declined")


@pytest.mark.proves("B8")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2])
def test_everything_at_once_never_overlaps_and_loses_no_time(committed, stage, seed):
    shop, asked = stage
    made: list = []
    clerks = [Clerk(committed, shop, asked, made, 100 * seed + number) for number in range(CLERKS)]
    start = threading.Barrier(CLERKS)

    def work(clerk: Clerk) -> None:
        start.wait()
        clerk.work()

    with ThreadPoolExecutor(CLERKS) as pool:
        for done in [pool.submit(work, clerk) for clerk in clerks]:
            done.result()
    outcomes = sum((clerk.outcomes for clerk in clerks), Counter())
    # Who comes first is chance, so a day may be full before the first couple asks; most kinds have to come through.
    asked_for = {outcome.split()[0] for outcome in outcomes}
    came_through = {kind for kind in WORK if outcomes[f"{kind} done"]}
    assert asked_for == set(WORK)
    assert came_through >= {"reserve", "move", "cancel"}, outcomes
    assert len(came_through) > len(WORK) / 2, outcomes
    with committed.transaction(shop.tenant) as session:
        assert session.scalar(OVERLAPS) == 0
        assert wrong_time(session, shop) == []


def wrong_time(session, shop) -> list[str]:
    """Every appointment whose allocations are not exactly what it takes by the book."""
    person_of = dict(session.execute(select(Person.id, Person.resource_id)).all())
    kind_of = dict(session.execute(select(Resource.resource_id, Resource.type)).all())
    forced = set(session.scalars(text("select booking_id from booking_overrides")))
    rows: dict = {}
    for one in session.scalars(select(Allocation)):
        what = kind_of.get(one.resource_id, one.resource_id)
        rows.setdefault(one.booking_id, []).append((what, one.starts_at, one.ends_at))
    found = []
    for booking in session.scalars(select(Booking)):
        taken = Counter(rows.pop(booking.id, []))
        wanted = Counter(takes(booking, shop, person_of))
        exact = taken <= wanted if booking.id in forced or booking.visit_id in forced else taken == wanted
        # A hold that is over may have lost its time to somebody who needed it.
        if not exact and not (booking.status == "held" and taken <= wanted):
            found.append(f"{booking.status} {booking.starts_at}: {taken} instead of {wanted}")
    return [*found, *(f"nobody's: {left}" for left in rows.values())]


def takes(booking, shop, person_of):
    """What an appointment takes, said again in other words than the product's."""
    if booking.status == "cancelled":
        return
    yield person_of[booking.person_id], booking.starts_at, booking.ends_at
    if booking.service_id == shop.eye_test:
        length = timedelta(minutes=30 + booking.extra_minutes)
        assert booking.ends_at - booking.starts_at == length
        for what in ("exam_room", "phoropter"):
            yield what, booking.starts_at + timedelta(minutes=10), booking.ends_at
    elif booking.service_id is not None:
        assert booking.ends_at - booking.starts_at == timedelta(minutes=max(5, 15 + booking.extra_minutes))
