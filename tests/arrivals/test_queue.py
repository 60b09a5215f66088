"""The branch's queue as the console sees it: promises, one plan with the appointments, calling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from blueprints.arrivals import api as arrivals
from blueprints.arrivals.errors import NobodyWaits
from blueprints.booking import api as booking
from blueprints.booking.api import NotPossible, Seating, UnknownBooking
from shopbell import clock, ids
from tests.arrivals.conftest import TEN, Floor
from tests.support.world import Shop

Plan = Callable[[], dict[str, Any]]
At = Callable[[int], Any]


@pytest.mark.proves("B9")
def test_whoever_comes_gets_a_number_and_is_told_how_long_it_will_take(floor: Floor, plan: Plan) -> None:
    told = [floor.comes(name) for name in ("An", "Bo", "Cai", "Dao")]
    assert [one.number for one in told] == [1, 2, 3, 4]
    assert [(one.low, one.high) for one in told[:2]] == [(0, 0), (0, 0)], "two people are free"
    assert told[2].high
    assert told[2].high >= 15
    assert told[3].high
    assert told[3].high >= told[2].high
    found = plan()
    assert [one["name"] for one in found["waiting"]] == ["An", "Bo", "Cai", "Dao"]
    assert [one["position"] for one in found["waiting"]] == [1, 2, 3, 4]
    assert found["waiting"][2]["promised"] == [told[2].low, told[2].high]
    assert set(found["free"])
    assert found["newcomer"]["high"] > 0


def test_coming_twice_with_one_id_is_coming_once(session: Session, shop: Shop) -> None:
    arrival = booking.Arrival(ids.uuid7(), shop.branch_id, "An", None, shop.fitting)
    first = arrivals.receive(session, arrival)
    with clock.frozen(TEN + timedelta(minutes=20)):
        assert arrivals.receive(session, arrival) == first


def test_tickets_are_counted_anew_each_day(floor: Floor, shop: Shop) -> None:
    assert [floor.comes().number, floor.comes().number] == [1, 2]
    with clock.frozen(TEN + timedelta(days=1)):
        assert floor.comes().number == 1


def test_appointments_and_walk_ins_are_one_plan(floor: Floor, plan: Plan, shop: Shop, at: At) -> None:
    made = floor.books(at(30))
    floor.books(at(15), 1)
    with clock.frozen(at(28)):
        floor.status(made.id, "arrived")
        floor.comes("An")
        found = plan()
        here, walk_in = found["waiting"]
        assert (here["kind"], here["name"], here["low"], here["with"]) == (
            "booking",
            "Customer",
            0,
            str(shop.people[0]),
        )
        assert here["due"] == int(at(30).timestamp() * 1000)
        assert walk_in["low"] + walk_in["high"] > here["low"] + here["high"]
        assert [late["minutes"] for late in found["expected"]] == [13]
        assert not found["expected"][0]["gave_up"]
    with clock.frozen(at(31)):
        assert plan()["expected"][0]["gave_up"], "a quarter of an hour is over"


def test_call_next_takes_the_due_appointment_first(
    session: Session, floor: Floor, shop: Shop, at: At, plan: Plan
) -> None:
    made = floor.books(at(0))
    told = floor.comes("An")
    floor.status(made.id, "arrived")
    called = arrivals.call_next(session, shop.branch_id, shop.people[0])
    assert (called.kind, called.id, called.person_id) == ("booking", made.id, shop.people[0])
    floor.status(made.id, "in_service")
    called = arrivals.call_next(session, shop.branch_id, shop.people[1])
    assert (called.kind, called.id, called.number) == ("walk_in", told.walk_in_id, 1)
    assert plan()["waiting"][0]["status"] == "called"


def test_calling_again_calls_the_same_and_another_person_calls_the_next(
    session: Session, floor: Floor, shop: Shop
) -> None:
    first, second = floor.comes("An"), floor.comes("Bo")
    assert arrivals.call_next(session, shop.branch_id, shop.people[0]).id == first.walk_in_id
    assert arrivals.call_next(session, shop.branch_id, shop.people[0]).id == first.walk_in_id
    assert arrivals.call_next(session, shop.branch_id, shop.people[1]).id == second.walk_in_id
    arrivals.call_back(session, first.walk_in_id)
    assert arrivals.call_next(session, shop.branch_id).id == first.walk_in_id, "at their old place again"


def test_nobody_is_called_who_would_be_in_an_appointments_way(
    session: Session, floor: Floor, shop: Shop, at: At
) -> None:
    floor.books(at(15), 0)
    floor.comes("An", service=shop.eye_test)
    with pytest.raises(NobodyWaits):
        arrivals.call_next(session, shop.branch_id, shop.people[0])
    short = floor.comes("Bo")
    assert arrivals.call_next(session, shop.branch_id, shop.people[0]).id == short.walk_in_id
    assert arrivals.call_next(session, shop.branch_id, shop.people[1]).name == "An"


def test_the_called_one_is_seated_or_leaves(session: Session, floor: Floor, shop: Shop, at: At) -> None:
    told, other = floor.comes("An"), floor.comes("Bo")
    arrivals.call(session, told.walk_in_id, shop.people[0])
    with clock.frozen(at(7)):
        booking.seat_walk_in(session, Seating(told.walk_in_id, person_id=shop.people[0]))
        session.expire_all()
        seated = booking.walk_in(session, told.walk_in_id)
    assert seated is not None
    assert (seated.status, seated.seated_at) == ("serving", at(7))
    arrivals.call(session, other.walk_in_id)
    booking.leave_walk_in(session, other.walk_in_id)
    with pytest.raises(NotPossible):
        arrivals.call(session, other.walk_in_id)
    with pytest.raises(NotPossible):
        arrivals.call_back(session, told.walk_in_id)
    with pytest.raises(UnknownBooking):
        arrivals.call(session, ids.uuid7())


def test_an_empty_queue_has_nobody_to_call(session: Session, shop: Shop) -> None:
    with pytest.raises(NobodyWaits):
        arrivals.call_next(session, shop.branch_id)


@pytest.mark.proves("B9")
def test_waits_follow_what_visits_really_take(session: Session, floor: Floor, shop: Shop, at: At, plan: Plan) -> None:
    """Ten fittings that were planned for a quarter of an hour and took half an hour teach the shop."""
    for number in range(10):
        with clock.frozen(at(-24 * 60 * (number + 1))):
            made = floor.books(clock.now())
            floor.status(made.id, "arrived")
            floor.status(made.id, "in_service")
        with clock.frozen(at(-24 * 60 * (number + 1) + 30)):
            floor.status(made.id, "done")
    for name in ("An", "Bo"):
        floor.comes(name)
    told = floor.comes("Cai")
    assert told.low == told.high == 30


def test_nobody_is_promised_a_wait_after_the_shift(floor: Floor, at: At) -> None:
    with clock.frozen(at(470)):
        told = floor.comes("An")
    assert (told.low, told.high, told.number) == (None, None, 1)


def test_the_wait_of_many_branches_is_shown_and_kept_for_some_seconds(
    session: Session, floor: Floor, shop: Shop, at: At
) -> None:
    both = [shop.branch_id, shop.second_branch_id]
    assert arrivals.wait_now(session, both) == {shop.branch_id: arrivals.Wait(0, 0, 0)}, "nobody works at the other one"
    floor.comes("An")
    floor.comes("Bo")
    assert arrivals.wait_now(session, both)[shop.branch_id].waiting == 0
    with clock.frozen(TEN + timedelta(seconds=20)):
        found = arrivals.wait_now(session, both)[shop.branch_id]
    assert (found.waiting, bool(found.high)) == (2, True)


def test_reading_the_queue_costs_the_same_however_many_wait(
    session: Session, floor: Floor, shop: Shop, count_queries: Callable[[], Any]
) -> None:
    floor.comes("An")
    arrivals.plan(session, shop.branch_id)
    with count_queries() as few:
        arrivals.plan(session, shop.branch_id)
    for number in range(12):
        floor.comes(f"Guest {number}")
    with count_queries() as many:
        arrivals.plan(session, shop.branch_id)
    assert len(many) == len(few) <= 6


def test_another_chains_queue_is_not_ours(session: Session, other_shop: Shop) -> None:
    with pytest.raises(Exception, match="branch"):
        arrivals.plan(session, other_shop.branch_id)


def test_a_person_of_a_visit_waits_once(session: Session, floor: Floor, shop: Shop, at: At, plan: Plan) -> None:
    first = floor.books(at(0))
    assert isinstance(first.id, UUID)
    floor.status(first.id, "arrived")
    assert [one["id"] for one in plan()["waiting"]] == [str(first.id)]
    floor.status(first.id, "in_service")
    assert plan()["waiting"] == []


def test_time_that_is_over_early_goes_to_the_next(session: Session, floor: Floor, shop: Shop, at: At) -> None:
    made = floor.books(at(0), service=shop.eye_test)
    for status in ("arrived", "in_service"):
        floor.status(made.id, status)
    told = floor.comes("An", service=shop.eye_test)
    with clock.frozen(at(10)):
        floor.status(made.id, "done")
        called = arrivals.call_next(session, shop.branch_id, shop.people[0])
        assert called.id == told.walk_in_id
        seated = booking.seat_walk_in(session, Seating(told.walk_in_id, person_id=shop.people[0]))
        assert booking.details(session, seated).starts_at == at(10)
