"""What the desk does besides booking and moving: longer, blocked, approved, against the rules, called, settled."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from blueprints.booking.models import Booking, Charge, Override, Series
from blueprints.catalog.models import BranchService, Service
from shopbell import clock, ids
from tests.frontdesk.conftest import DAY, ELEVEN, TEN, Device, new_booking, op


@pytest.fixture
def manager(sign_in_as, shop) -> Device:
    return Device(sign_in_as("manager", [shop.branch_id]), shop, "office")


def visit(shop, start: int = TEN, **changes):
    """The customer's eye test and then fitting, and at the same time a friend's fitting."""
    wanted = new_booking(shop, start, **changes)
    del wanted["service"], wanted["person"]
    first, second = ({"service": str(service)} for service in (shop.eye_test, shop.fitting))
    wanted["guests"] = [{"items": [first, second]}, {"name": "Friend", "items": [second]}]
    return wanted


# longer and shorter


def test_an_appointment_is_made_longer_and_its_person_is_busy_with_it(device):
    made = device.book()
    assert device.do("booking.extend", {"id": made, "extra": 15})["status"] == "applied"
    shown = device.booking(made)
    assert (shown["minutes"], shown["extra"], shown["busy"]) == (45, 15, [[0, 45]])
    device.do("booking.extend", {"id": made, "extra": -5})
    assert device.booking(made)["minutes"] == 25


def test_an_appointment_is_not_made_longer_into_the_next(device):
    made = device.book()
    device.book(TEN + 30)
    result = device.do("booking.extend", {"id": made, "extra": 10})
    assert (result["status"], result["code"]) == ("rejected", "slot_taken")
    assert device.booking(made)["minutes"] == 30


def test_longer_is_counted_in_whole_five_minutes(device):
    result = device.do("booking.extend", {"id": device.book(), "extra": 7})
    assert (result["code"], list(result["fields"])) == ("invalid", ["extra"])


# blocked time


def test_blocked_time_is_shown_and_cannot_be_booked_until_it_is_given_back(device, shop):
    block = {"id": str(uuid4()), "person": str(shop.people[0]), "day": DAY, "start": TEN, "minutes": 60, "note": "Call"}
    assert device.do("booking.block", block)["status"] == "applied"
    shown = device.booking(block["id"])
    assert (shown["status"], shown["note"], shown["service"], shown["busy"]) == ("blocked", "Call", None, [[0, 60]])
    wanted = new_booking(shop, TEN, shop.people[0])
    assert device.do("booking.create", wanted)["status"] == "clash"
    assert device.do("booking.unblock", {"id": block["id"]})["status"] == "applied"
    assert device.booking(block["id"])["status"] == "cancelled"
    device.book(TEN)


def test_time_with_an_appointment_cannot_be_blocked(device, shop):
    device.book()
    block = {"id": str(uuid4()), "person": str(shop.people[0]), "day": DAY, "start": TEN, "minutes": 30}
    assert device.do("booking.block", block)["code"] == "slot_taken"


# requests


def test_a_request_waits_for_an_answer(device, shop, session):
    session.execute(update(Service).where(Service.id == shop.fitting).values(needs_approval=True))
    session.execute(text("update bookings set status = 'requested' where id = :id"), {"id": device.book()})
    asked, other = device.book(ELEVEN), device.book(ELEVEN + 60)
    session.execute(update(Booking).where(Booking.id.in_([UUID(asked), UUID(other)])).values(status="requested"))
    session.flush()
    assert device.booking(asked)["status"] == "requested"
    assert device.do("booking.approve", {"id": asked})["status"] == "applied"
    assert device.booking(asked)["status"] == "booked"
    assert device.do("booking.cancel", {"id": other, "reason": "declined"})["status"] == "applied"
    assert device.booking(other)["status"] == "cancelled"


# visits and series


@pytest.mark.proves("B12")
def test_a_visit_of_two_people_is_booked_moved_and_cancelled_as_one(device, shop):
    wanted = visit(shop)
    assert device.do("booking.create", wanted)["status"] == "applied"
    rows = [row for row in device.board()["bookings"] if row["visit"] == wanted["id"]]
    assert sorted(row["service_name"] for row in rows) == ["Test Eye Test", "Test Fitting", "Test Fitting"]
    friend = next(row for row in rows if row["guest"])
    assert (friend["guest"], friend["start"], friend["customer"]["name"]) == ("Friend", TEN, "李明")

    to = {"id": wanted["id"], "person": None, "day": DAY, "start": 780}
    assert device.do("booking.move", to)["status"] == "applied"
    assert device.booking(friend["id"])["start"] == 780
    assert device.do("booking.move", {**to, "id": friend["id"], "start": 900, "alone": True})["status"] == "applied"
    assert (device.booking(friend["id"])["start"], device.booking(wanted["id"])["start"]) == (900, 780)

    device.do("booking.cancel", {"id": friend["id"], "reason": "customer", "alone": True})
    assert device.booking(wanted["id"])["status"] == "booked"
    device.do("booking.cancel", {"id": wanted["id"], "reason": "customer"})
    standing = [row for row in device.board()["bookings"] if row["visit"] and row["status"] != "cancelled"]
    assert standing == []


@pytest.mark.proves("B12")
def test_a_series_says_which_days_found_no_place(device, shop, session):
    for person in shop.people:
        device.do("booking.create", new_booking(shop, TEN, person, day="2026-03-16"))
    result = device.do("booking.create", new_booking(shop, repeat={"weeks": 1, "visits": 4}))
    assert result["status"] == "applied"
    assert [(one["day"], one["code"]) for one in result["unplaced"]] == [("2026-03-16", "slot_taken")]
    series = session.scalars(select(Series)).one()
    assert device.booking(result["id"])["series"] == str(series.id)
    assert [row["start"] for row in device.board("2026-03-23")["bookings"]] == [TEN]


def test_one_service_or_several_but_not_both_and_not_none(device, shop):
    for wanted in ({**visit(shop), "service": str(shop.fitting)}, {**new_booking(shop), "service": None}):
        result = device.do("booking.create", wanted)
        assert (result["code"], list(result["fields"])) == ("invalid", ["service"])


# against the rules


@pytest.mark.proves("B4")
def test_a_manager_books_against_the_rules_and_the_reason_is_kept(manager, shop, session):
    manager.book()
    again = new_booking(shop, TEN, shop.people[0], override="Her sister comes along")
    result = manager.do("booking.create", again)
    assert result["status"] == "applied"
    shown = manager.booking(result["id"])
    assert (shown["status"], shown["clash"], shown["start"]) == ("booked", None, TEN)
    kept = session.scalars(select(Override)).one()
    assert (str(kept.booking_id), kept.reason) == (result["id"], "Her sister comes along")
    assert kept.user_id is not None


def test_the_front_desk_may_not_book_against_the_rules(device, shop, session):
    device.book()
    again = new_booking(shop, TEN, shop.people[0], override="I want to")
    assert device.do("booking.create", again)["code"] == "forbidden"
    assert len(device.board()["bookings"]) == 1
    assert session.scalars(select(Override)).all() == []


def test_whoever_books_against_the_rules_says_why(manager, shop):
    result = manager.do("booking.create", new_booking(shop, override="  "))
    assert (result["code"], list(result["fields"])) == ("invalid", ["override"])


def test_a_manager_moves_and_stretches_against_the_rules(manager, shop, session):
    stands, other = manager.book(), manager.book(ELEVEN)
    to = {"id": other, "person": str(shop.people[0]), "day": DAY, "start": TEN, "override": "Twins"}
    assert manager.do("booking.move", to)["status"] == "applied"
    assert manager.booking(other)["start"] == TEN
    longer = {"id": stands, "extra": 30, "override": "Talks a lot"}
    assert manager.do("booking.extend", longer)["status"] == "applied"
    assert {row.reason for row in session.scalars(select(Override))} >= {"Twins"}


# money


def owing(session, device, **policy) -> str:
    """An appointment in an hour, for which a late cancellation costs half the price."""
    session.execute(
        text("insert into booking_policies (id, cancel_minutes, late_cancel_percent) values (:id, 1440, 50)"),
        {"id": ids.uuid7()},
    )
    session.flush()
    return device.book()


def test_the_board_tells_what_a_late_cancellation_costs(device, session):
    shown = device.booking(owing(session, device))
    assert shown["fee"]["text"] == "CN¥99.50"
    assert shown["fee"]["after"] < 1772416800000


@pytest.mark.proves("B3")
def test_a_late_cancellation_is_owed_and_paid_at_the_desk(device, session):
    made = owing(session, device)
    customer = device.booking(made)["customer"]["id"]
    device.do("booking.cancel", {"id": made, "reason": "customer"})
    card = device.browser.get(f"{device.api}/customers/{customer}").get_json()
    assert [(one["kind"], one["amount"]) for one in card["charges"]] == [("late_cancel", "CN¥99.50")]
    settled = device.do("charge.settle", {"id": card["charges"][0]["id"], "state": "paid"})
    assert settled["status"] == "applied"
    assert device.browser.get(f"{device.api}/customers/{customer}").get_json()["charges"] == []


@pytest.mark.parametrize("reason", ["branch", "mistake"])
def test_what_the_house_calls_off_costs_nothing(device, session, reason):
    made = owing(session, device)
    device.do("booking.cancel", {"id": made, "reason": reason})
    assert [charge.state for charge in session.scalars(select(Charge))] in ([], ["waived"])


def test_only_a_manager_waives_and_says_why(device, manager, session):
    made = owing(session, device)
    wish = {"id": made, "reason": "customer", "waive": "Was ill"}
    assert device.do("booking.cancel", wish)["code"] == "forbidden"
    assert device.booking(made)["status"] == "booked"
    assert manager.do("booking.cancel", wish)["status"] == "applied"
    charge = session.scalars(select(Charge)).one()
    assert (charge.state, charge.reason) == ("waived", "Was ill")


# the queue


@pytest.mark.proves("B9")
def test_the_next_one_is_called_sent_back_and_called_again(device, shop, now):
    with clock.frozen(now + timedelta(hours=2)):
        called_and_sent_back(device, shop)


def called_and_sent_back(device, shop) -> None:
    came = [str(uuid4()), str(uuid4())]
    for name, walk_in in zip(("Herr Braun", "Frau Klein"), came, strict=True):
        device.do("walkin.add", {"id": walk_in, "name": name, "service": str(shop.fitting)})
    assert [device.walk_in(one)["number"] for one in came] == [1, 2]
    result = device.do("queue.next", {"id": came[0]})
    assert (result["status"], result["id"], result["name"]) == ("applied", came[0], "Herr Braun")
    assert device.walk_in(came[0])["status"] == "called"
    assert device.do("walkin.back", {"id": came[0]})["status"] == "applied"
    assert device.walk_in(came[0])["status"] == "waiting"
    assert device.do("walkin.call", {"id": came[1]})["name"] == "Frau Klein"
    assert device.do("walkin.left", {"id": came[1]})["status"] == "applied"


def test_nobody_left_to_call_is_no_trouble(device):
    result = device.do("queue.next", {"id": str(uuid4())})
    assert (result["status"], result["detail"]) == ("applied", "The queue is empty.")


# free times


def test_the_desk_asks_when_a_whole_visit_can_begin(device, shop):
    wanted = {"day": DAY, "guests": visit(shop)["guests"]}
    found = device.browser.post(f"{device.api}/times", json=wanted).get_json()
    assert {"start", "people", "fits"} == set(found["times"][0])
    assert (found["minutes"], found["price"], found["deposit"]) == (45, "CN¥597.00", "")
    device.do("booking.create", new_booking(shop, TEN, shop.people[0]))
    later = device.browser.post(f"{device.api}/times", json=wanted).get_json()
    assert TEN in {time["start"] for time in found["times"]}
    assert TEN not in {time["start"] for time in later["times"]}


def test_an_appointments_own_time_is_free_for_moving_it(device, shop):
    made = device.book()
    wanted = {"day": DAY, "service": str(shop.eye_test), "person": str(shop.people[0])}
    ask = lambda **more: device.browser.post(f"{device.api}/times", json={**wanted, **more}).get_json()  # noqa: E731
    assert TEN not in {time["start"] for time in ask()["times"]}
    assert TEN + 15 in {time["start"] for time in ask(**{"except": made})["times"]}


def test_times_of_another_chains_branch_are_not_there(sign_in_as, other_shop, shop):
    wanted = {"day": DAY, "service": str(shop.eye_test)}
    answer = sign_in_as("hq").post(f"/api/v1/branches/{other_shop.branch_id}/times", json=wanted)
    assert answer.status_code == 404


def test_times_are_told_to_nobody_who_is_not_signed_in(client, shop):
    answer = client.post(f"/api/v1/branches/{shop.branch_id}/times", json={"day": DAY, "service": str(shop.eye_test)})
    assert answer.status_code == 401


def test_a_service_the_branch_does_not_offer_has_no_times(device, shop, session):
    session.add(BranchService(branch_id=shop.branch_id, service_id=shop.fitting, offered=False))
    session.flush()
    answer = device.browser.post(f"{device.api}/times", json={"day": DAY, "service": str(shop.fitting)})
    assert answer.status_code in {404, 422}


def test_work_of_a_kind_that_is_new_is_each_done_once(device):
    made = device.book()
    longer = op("booking.extend", {"id": made, "extra": 15})
    first, again = device.sync(longer)["results"][0], device.sync(longer)["results"][0]
    assert (first["status"], again["duplicate"]) == ("applied", True)
    assert device.booking(made)["minutes"] == 45
