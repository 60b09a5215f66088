"""Work done at the desk is a fact: it is kept, its clash is marked, and a person decides."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from blueprints.booking import service
from blueprints.booking.events import BookingCancelled, BookingMade
from blueprints.booking.models import Allocation
from shopbell import clock
from tests.frontdesk.conftest import DAY, ELEVEN, TEN, new_booking


def taken(session, booking_id) -> int:
    return session.scalar(select(func.count()).select_from(Allocation).where(Allocation.booking_id == booking_id)) or 0


def at(shop, person, start, booking_id) -> dict:
    return {"id": booking_id, "person": str(person), "day": DAY, "start": start}


@pytest.fixture
def clashing(device, shop) -> str:
    """A booking the desk promised for ten o'clock, when the web had just given that time away."""
    device.book(TEN, shop.people[0])
    result = device.do("booking.create", new_booking(shop, TEN, shop.people[0]))
    assert result["status"] == "clash"
    return result["id"]


def test_a_promised_time_that_is_taken_is_kept_with_its_rival_and_suggestions(device, shop, session, published):
    rival = device.book(TEN, shop.people[0])
    result = device.do("booking.create", new_booking(shop, TEN, shop.people[0]))
    assert result["status"] == "clash"
    shown = device.booking(result["id"])
    assert (shown["status"], shown["start"], shown["busy"]) == ("booked", TEN, [[0, 30]])
    assert (shown["clash"]["why"], shown["clash"]["with"]) == ("slot_taken", rival)
    first, *others = shown["clash"]["suggest"]
    assert first == {"person": str(shop.people[1]), "day": DAY, "start": TEN}
    assert len(others) == 5
    assert all(place["person"] == str(shop.people[0]) for place in others)
    assert taken(session, result["id"]) == 0
    assert [type(fact) for fact in published()] == [BookingMade, BookingMade]


def test_a_kept_promise_sent_again_is_kept_once(device, shop):
    device.book(TEN, shop.people[0])
    wanted = {"op_id": str(uuid4()), "type": "booking.create", "p": new_booking(shop, TEN, shop.people[0])}
    first, again = device.sync(wanted)["results"][0], device.sync(wanted)["results"][0]
    assert again == {**first, "duplicate": True}
    assert len(device.board()["bookings"]) == 2


def test_a_move_to_a_taken_time_stays_and_says_where_it_was_wanted(device, shop, session):
    device.book(ELEVEN, shop.people[0])
    made = device.book(TEN, shop.people[0])
    assert device.do("booking.move", at(shop, shop.people[0], ELEVEN, made), slot=0)["status"] == "clash"
    shown = device.booking(made)
    assert (shown["start"], shown["slot_version"]) == (TEN, 0)
    assert shown["clash"]["why"] == "slot_taken"
    assert shown["clash"]["mine"] == {"person": str(shop.people[0]), "day": DAY, "start": ELEVEN}
    assert taken(session, made) > 0


def test_when_both_moved_it_the_first_stays_and_the_other_place_is_kept(device, shop):
    made = device.book(TEN, shop.people[0])
    assert device.do("booking.move", at(shop, shop.people[0], ELEVEN, made), slot=0)["status"] == "applied"
    assert device.do("booking.move", at(shop, shop.people[1], 720, made), slot=0)["status"] == "clash"
    shown = device.booking(made)
    assert (shown["start"], shown["person"]) == (ELEVEN, str(shop.people[0]))
    assert shown["clash"]["why"] == "moved_elsewhere"
    assert shown["clash"]["mine"] == {"person": str(shop.people[1]), "day": DAY, "start": 720}
    assert shown["clash"]["suggest"]
    assert shown["clash"]["mine"] not in shown["clash"]["suggest"]


def test_when_both_moved_it_to_the_same_place_nothing_is_to_decide(device, shop):
    made = device.book(TEN, shop.people[0])
    for _ in range(2):
        assert device.do("booking.move", at(shop, shop.people[1], ELEVEN, made), slot=0)["status"] == "applied"
    assert device.booking(made)["clash"] is None


def test_moving_what_was_cancelled_meanwhile_is_refused(device, shop, session):
    made = device.book()
    service.cancel(session, made, reason="ill")
    result = device.do("booking.move", at(shop, shop.people[0], ELEVEN, made), slot=0)
    assert (result["status"], result["code"]) == ("rejected", "cancelled_meanwhile")
    assert device.booking(made)["status"] == "cancelled"


def test_the_customer_who_cancelled_and_came_is_served_and_to_be_decided(device, session):
    made = device.book()
    service.cancel(session, made, reason="changed my mind")
    session.flush()
    assert device.do("booking.status", {"id": made, "status": "arrived"})["status"] == "clash"
    shown = device.booking(made)
    assert (shown["status"], shown["clash"]["why"]) == ("arrived", "cancelled_by_customer")
    assert taken(session, made) > 0


def test_a_no_show_of_a_cancelled_booking_is_refused(device, session):
    made = device.book()
    service.cancel(session, made)
    session.flush()
    result = device.do("booking.status", {"id": made, "status": "no_show"})
    assert (result["status"], result["code"]) == ("rejected", "cancelled_meanwhile")


def test_a_late_customer_whose_time_was_given_away_is_kept_beside_the_other(device, shop):
    made = device.book(TEN, shop.people[0])
    device.do("booking.status", {"id": made, "status": "no_show"})
    rival = device.book(TEN, shop.people[0])
    assert device.do("booking.status", {"id": made, "status": "arrived"})["status"] == "clash"
    shown = device.booking(made)
    assert (shown["status"], shown["clash"]) == ("arrived", {"why": "slot_taken", "suggest": [], "with": rival})


def seat(device, shop, minute: int, now) -> str:
    waiting, visit = str(uuid4()), str(uuid4())
    device.do("walkin.add", {"id": waiting, "name": "Herr Braun", "service": str(shop.fitting)})
    with clock.frozen(now + timedelta(minutes=minute - 480)):
        result = device.do("walkin.seat", {"id": waiting, "booking_id": visit, "person": str(shop.people[0])})
    assert result["status"] == "clash"
    return visit


def test_somebody_seated_beside_another_is_kept(device, shop, now):
    device.book(TEN, shop.people[0])
    shown = device.booking(seat(device, shop, TEN + 5, now))
    assert (shown["status"], shown["start"], shown["clash"]["why"]) == ("in_service", TEN + 5, "slot_taken")


def test_somebody_seated_shortly_before_closing_is_kept(device, shop, now):
    shown = device.booking(seat(device, shop, 1070, now))
    assert (shown["status"], shown["clash"]["why"]) == ("in_service", "outside_hours")


# decisions


def test_a_clash_is_decided_by_a_suggested_time(device, clashing, session):
    to = device.booking(clashing)["clash"]["suggest"][0]
    assert device.do("clash.resolve", {"id": clashing, "how": "move", **to})["status"] == "applied"
    shown = device.booking(clashing)
    assert (shown["clash"], shown["start"], shown["person"]) == (None, to["start"], to["person"])
    assert taken(session, clashing) > 0


def test_a_suggested_time_that_is_taken_by_now_asks_again(device, shop, clashing):
    to = device.booking(clashing)["clash"]["suggest"][0]
    device.book(to["start"], to["person"])
    assert device.do("clash.resolve", {"id": clashing, "how": "move", **to})["status"] == "clash"
    shown = device.booking(clashing)
    assert shown["clash"]["why"] == "slot_taken"
    assert to not in shown["clash"]["suggest"]


def test_both_may_be_kept(device, clashing, session):
    assert device.do("clash.resolve", {"id": clashing, "how": "keep"})["status"] == "applied"
    shown = device.booking(clashing)
    assert (shown["clash"], shown["status"], shown["start"]) == (None, "booked", TEN)
    assert taken(session, clashing) == 0


def test_what_is_kept_takes_its_time_when_that_has_become_free(device, shop, session, clashing):
    rival = device.booking(clashing)["clash"]["with"]
    device.do("booking.cancel", {"id": rival, "reason": "customer"})
    device.do("clash.resolve", {"id": clashing, "how": "keep"})
    assert taken(session, clashing) > 0


def test_the_time_it_wanted_may_be_chosen_once_it_is_free(device, shop, session, clashing):
    rival = device.booking(clashing)["clash"]["with"]
    device.do("booking.cancel", {"id": rival, "reason": "customer"})
    here = {"person": str(shop.people[0]), "day": DAY, "start": TEN}
    assert device.do("clash.resolve", {"id": clashing, "how": "move", **here})["status"] == "applied"
    assert device.booking(clashing)["clash"] is None
    assert taken(session, clashing) > 0


def test_a_clash_may_be_cancelled_and_the_customer_is_told(device, clashing, published):
    assert device.do("clash.resolve", {"id": clashing, "how": "cancel"})["status"] == "applied"
    assert device.booking(clashing)["status"] == "cancelled"
    assert sum(isinstance(fact, BookingCancelled) for fact in published()) == 1


def test_the_customer_may_wait_in_the_queue_instead(device, shop, clashing, published):
    assert device.do("clash.resolve", {"id": clashing, "how": "queue"})["status"] == "applied"
    assert device.booking(clashing)["status"] == "cancelled"
    waiting = [row for row in device.board()["walkins"] if row["status"] == "waiting"]
    assert [(row["name"], row["phone"], row["service"]) for row in waiting] == [
        ("李明", "+8613812345678", str(shop.eye_test))
    ]
    assert not any(isinstance(fact, BookingCancelled) for fact in published())


def test_somebody_seated_beside_another_goes_back_to_the_queue(device, shop, now):
    device.book(TEN, shop.people[0])
    visit = seat(device, shop, TEN, now)
    assert device.do("clash.resolve", {"id": visit, "how": "queue"})["status"] == "applied"
    assert [(row["name"], row["status"], row["booking"]) for row in device.board()["walkins"]] == [
        ("Herr Braun", "waiting", None)
    ]


def test_somebody_seated_beside_another_may_be_sent_away(device, shop, now):
    device.book(TEN, shop.people[0])
    visit = seat(device, shop, TEN, now)
    assert device.do("clash.resolve", {"id": visit, "how": "cancel"})["status"] == "applied"
    assert device.booking(visit)["status"] == "cancelled"


def test_a_cancellation_may_be_let_stand_without_telling_it_twice(device, session, published):
    made = device.book()
    service.cancel(session, made, reason="changed my mind")
    session.flush()
    device.do("booking.status", {"id": made, "status": "arrived"})
    assert device.do("clash.resolve", {"id": made, "how": "cancel"})["status"] == "applied"
    assert (device.booking(made)["status"], taken(session, made)) == ("cancelled", 0)
    assert sum(isinstance(fact, BookingCancelled) for fact in published()) == 1


def test_a_second_decision_is_harmless_when_alike_and_told_when_not(device, clashing):
    to = device.booking(clashing)["clash"]["suggest"][0]
    device.do("clash.resolve", {"id": clashing, "how": "keep"})
    assert device.do("clash.resolve", {"id": clashing, "how": "keep"})["status"] == "applied"
    result = device.do("clash.resolve", {"id": clashing, "how": "move", **to})
    assert (result["status"], result["code"]) == ("rejected", "already_decided")
    assert device.booking(clashing)["start"] == TEN


def test_a_decision_to_move_needs_a_time(device, clashing):
    result = device.do("clash.resolve", {"id": clashing, "how": "move"})
    assert (result["status"], list(result["fields"])) == ("rejected", ["start"])
    assert device.booking(clashing)["clash"]
