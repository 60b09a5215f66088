"""The exchange with devices: every kind of work, each once, and what is told when it cannot be done."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from blueprints.access.models import User
from blueprints.access.service import roles
from blueprints.access.service.roles import RoleInput, Wanted
from blueprints.booking.events import BookingCancelled, BookingMade, BookingMoved, BookingStatusChanged, TimeFreed
from blueprints.booking.models import Booking, WalkIn
from blueprints.frontdesk.models import DeskOp
from blueprints.registry import permissions
from shopbell import ids
from shopbell.auth import Grant, Principal
from shopbell.outbox import OutboxRow
from tests.frontdesk.conftest import DAY, ELEVEN, TEN, Device, new_booking, op, walk_in


def rows(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


# who may


def test_nobody_sends_work_without_signing_in(client, shop, session):
    answer = client.post(f"/api/v1/branches/{shop.branch_id}/sync", json={"device": "x", "ops": []})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")


def test_work_for_a_branch_of_others_changes_nothing(stranger, shop, session):
    answer = Device(stranger, shop).post(op("booking.create", new_booking(shop)))
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_branch")
    assert (rows(session, Booking), rows(session, DeskOp)) == (0, 0)


def test_whoever_only_looks_after_the_queue_calls_people_and_books_nothing(device, session, shop, sign_in_as):
    waiting, known = walk_in(device), permissions()
    lead = Principal("staff", id=ids.uuid7(), grants=(Grant(known.held_by(frozenset({"hq"}))),))
    browser = sign_in_as("manager", [shop.branch_id])
    wish = RoleInput("Greeter", frozenset({"frontdesk.use", "arrivals.queue"}), False)
    role_id = roles.add_role(session, wish, by=lead, known=known)
    person = session.scalars(select(User.id).where(User.email.like("manager@%"))).one()
    roles.set_roles(session, person, [Wanted(role_id, branch_id=shop.branch_id)], by=lead, known=known)
    greeter = Device(browser, shop)
    for kind, said in (("booking.create", new_booking(shop)), ("walkin.left", {"id": waiting})):
        refused = greeter.do(kind, said)
        assert (refused["status"], refused["code"]) == ("rejected", "forbidden"), kind
    assert rows(session, Booking) == 0
    assert greeter.do("walkin.call", {"id": waiting})["status"] == "applied"


def test_another_chains_branch_is_not_there(sign_in_as, other_shop, shop, session):
    answer = Device(sign_in_as("hq"), other_shop).post(op("booking.create", new_booking(other_shop)))
    assert answer.status_code == 404
    assert rows(session, Booking) == 0


def test_a_page_of_another_site_cannot_send_work(device, session):
    body = {"device": "x", "ops": [op("booking.create", new_booking(device.shop))]}
    answer = device.browser.post(f"{device.api}/sync", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert rows(session, Booking) == 0


# what is done


def test_a_booking_by_telephone_is_made_announced_and_told(device, shop, session, published):
    wanted = new_booking(shop, person=shop.people[0])
    answer = device.sync(op("booking.create", wanted))
    result = answer["results"][0]
    assert (result["status"], result["id"]) == ("applied", wanted["id"])
    change = next(change for change in answer["changes"] if change["id"] == wanted["id"])
    assert (change["kind"], change["data"]["status"], change["data"]["source"]) == ("booking", "booked", "desk")
    assert [type(fact) for fact in published()] == [BookingMade]
    assert (answer["today"], answer["now_minute"], answer["ttl_h"]) == (DAY, 480, 36)


def test_anyone_becomes_somebody_who_is_free(device, shop):
    device.book(person=shop.people[0])
    result = device.do("booking.create", new_booking(shop))
    assert result["status"] == "applied"
    assert device.booking(result["id"])["person"] == str(shop.people[1])


def test_a_booking_is_moved_to_another_time_and_person(device, shop, published):
    made = device.book()
    result = device.do("booking.move", {"id": made, "person": str(shop.people[1]), "day": DAY, "start": ELEVEN}, slot=0)
    assert result["status"] == "applied"
    shown = device.booking(made)
    assert (shown["start"], shown["person"], shown["slot_version"]) == (ELEVEN, str(shop.people[1]), 1)
    assert [type(fact) for fact in published()] == [BookingMade, TimeFreed, BookingMoved]


def test_moving_to_where_it_is_changes_nothing(device, shop, published):
    made = device.book()
    to = {"id": made, "person": str(shop.people[0]), "day": DAY, "start": TEN}
    assert device.do("booking.move", to, slot=0)["status"] == "applied"
    assert device.booking(made)["slot_version"] == 0
    assert [type(fact) for fact in published()] == [BookingMade]


def test_the_visit_goes_step_by_step_and_back(device, session):
    made = device.book()
    for status in ("arrived", "in_service", "done"):
        assert device.do("booking.status", {"id": made, "status": status})["status"] == "applied"
        assert device.booking(made)["status"] == status
    device.do("booking.status", {"id": made, "status": "in_service", "undo": True})
    assert device.booking(made)["status"] == "in_service"
    told = session.scalars(select(OutboxRow.payload).where(OutboxRow.name == BookingStatusChanged.name)).all()
    assert [fact["after"] for fact in told] == ["arrived", "in_service", "done", "in_service"]


def test_of_two_steps_the_later_one_wins_whoever_comes_first(device):
    made = device.book()
    device.sync(
        op("booking.status", {"id": made, "status": "in_service"}),
        op("booking.status", {"id": made, "status": "arrived"}),
    )
    assert device.booking(made)["status"] == "in_service"


def test_whoever_comes_after_all_is_no_longer_a_no_show(device):
    made = device.book()
    device.do("booking.status", {"id": made, "status": "no_show"})
    assert device.do("booking.status", {"id": made, "status": "arrived"})["status"] == "applied"
    shown = device.booking(made)
    assert (shown["status"], shown["clash"], shown["busy"]) == ("arrived", None, [[0, 30]])


def test_a_booking_is_cancelled_once_and_its_time_is_free_again(device, shop, published):
    made = device.book()
    results = device.sync(
        op("booking.cancel", {"id": made, "reason": "customer"}),
        op("booking.cancel", {"id": made, "reason": "customer"}),
        op("booking.create", new_booking(shop, person=shop.people[0])),
    )["results"]
    assert [result["status"] for result in results] == ["applied"] * 3
    assert device.booking(made)["status"] == "cancelled"
    assert sum(isinstance(fact, BookingCancelled) for fact in published()) == 1


def test_a_note_is_kept(device):
    made = device.book()
    assert device.do("booking.note", {"id": made, "note": "Prefers 中文"})["status"] == "applied"
    assert device.booking(made)["note"] == "Prefers 中文"


# each once


def test_the_same_work_sent_again_gets_the_same_answer_and_is_not_done_again(device, shop, session, published):
    wanted = op("booking.create", new_booking(shop))
    first = device.sync(wanted)["results"][0]
    again = device.sync(wanted)["results"][0]
    assert again == {**first, "duplicate": True}
    assert (rows(session, Booking), rows(session, DeskOp), len(published())) == (1, 1, 1)


def test_refused_work_sent_again_is_refused_again_in_the_same_words(device, shop):
    wanted = op("booking.create", new_booking(shop, start=1200))
    first = device.sync(wanted)["results"][0]
    assert (first["status"], first["code"]) == ("rejected", "outside_hours")
    assert device.sync(wanted)["results"][0] == {**first, "duplicate": True}


def test_work_is_remembered_with_who_did_it_where_and_when(device, shop, session, now):
    wanted = op("booking.create", new_booking(shop))
    device.sync(wanted)
    row = session.scalars(select(DeskOp)).one()
    assert (str(row.op_id), row.type, row.device, row.branch_id) == (
        wanted["op_id"],
        "booking.create",
        "tablet",
        shop.branch_id,
    )
    assert (row.at, row.applied_at) == (now, now)
    assert row.user_id


def test_one_batch_keeps_its_order(device, shop):
    wanted = new_booking(shop, person=shop.people[0])
    results = device.sync(
        op("booking.create", wanted),
        op("booking.move", {"id": wanted["id"], "person": str(shop.people[0]), "day": DAY, "start": ELEVEN}),
        op("booking.status", {"id": wanted["id"], "status": "arrived"}),
    )["results"]
    assert [result["status"] for result in results] == ["applied"] * 3
    shown = device.booking(wanted["id"])
    assert (shown["start"], shown["status"]) == (ELEVEN, "arrived")


def test_refused_work_leaves_the_rest_of_its_batch_alone(device, shop, session):
    results = device.sync(
        op("booking.create", new_booking(shop)),
        op("booking.create", new_booking(shop, service=str(uuid4()))),
        op("booking.create", new_booking(shop, start=ELEVEN)),
    )["results"]
    assert [result["status"] for result in results] == ["applied", "rejected", "applied"]
    assert results[1]["code"] == "unknown_service"
    assert rows(session, Booking) == 2


def test_our_own_trouble_stops_the_batch_and_loses_nothing(device, shop, session, monkeypatch):
    def broken(*_args, **_values):
        session.execute(text("select 1/0"))

    made = device.book()
    monkeypatch.setattr("blueprints.frontdesk.service.work.booking.set_note", broken)
    work = [
        op("booking.status", {"id": made, "status": "arrived"}),
        op("booking.note", {"id": made, "note": "x"}),
        op("booking.status", {"id": made, "status": "done"}),
    ]
    results = device.sync(*work)["results"]
    assert [result["status"] for result in results] == ["applied", "error"]
    assert device.booking(made)["status"] == "arrived"
    monkeypatch.undo()
    again = device.sync(*work)["results"]
    assert [(result["status"], result.get("duplicate", False)) for result in again] == [
        ("applied", True),
        ("applied", False),
        ("applied", False),
    ]
    assert device.booking(made)["status"] == "done"


# what is refused is told

BAD = {
    "an unknown kind": ("booking.teleport", {}, "unknown_type", None),
    "no id": ("booking.note", {"note": "x"}, "invalid", "id"),
    "an id that is none": ("booking.note", {"id": "7", "note": "x"}, "invalid", "id"),
    "a field too many": ("walkin.left", {"id": str(uuid4()), "x": 1}, "invalid", "x"),
    "a status that is none": ("booking.status", {"id": str(uuid4()), "status": "cancelled"}, "invalid", "status"),
    "a minute after midnight": ("booking.move", {"id": str(uuid4()), "day": DAY, "start": 1440}, "invalid", "start"),
    "29 February 2027": ("booking.move", {"id": str(uuid4()), "day": "2027-02-29", "start": 600}, "invalid", "day"),
    "a decision that is none": ("clash.resolve", {"id": str(uuid4()), "how": "coin"}, "invalid", "how"),
}


@pytest.mark.parametrize(("kind", "p", "code", "field"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_refused_by_name_and_writes_nothing(device, session, kind, p, code, field):
    result = device.do(kind, p)
    assert (result["status"], result["code"]) == ("rejected", code)
    assert list(result.get("fields", {})) == ([field] if field else [])
    assert result["detail"]
    assert rows(session, DeskOp) == 0


TYPED = {
    "no name": ({"customer": {"name": " ", "phone": "13812345678"}}, "invalid", "customer.name"),
    "a phone of 40 digits": ({"customer": {"name": "A", "phone": "1" * 40}}, "invalid", "customer.phone"),
    "a phone that is none": ({"customer": {"name": "A", "phone": "no"}}, "invalid", "customer.phone"),
    "no phone": ({"customer": {"name": "A"}}, "invalid", "customer.phone"),
    "an endless note": ({"note": "x" * 501}, "invalid", "note"),
    "a time that is no time": ({"start": 603}, "not_on_the_grid", "start"),
    "the day before yesterday": ({"day": "2026-02-28"}, "in_the_past", "start"),
    "outside the hours": ({"start": 1075}, "outside_hours", "start"),
}


@pytest.mark.parametrize(("changes", "code", "field"), TYPED.values(), ids=TYPED.keys())
def test_a_booking_that_cannot_be_is_refused_with_its_field(device, shop, session, changes, code, field):
    result = device.do("booking.create", new_booking(shop, **changes))
    assert (result["status"], result["code"], list(result["fields"])) == ("rejected", code, [field])
    assert rows(session, Booking) == 0


@pytest.mark.parametrize("name", ["👩‍🦰 Ana", "שרה לוי", "  李   明  ", "O'Brien \u202egnp.exe"])
def test_names_of_the_whole_world_are_welcome(device, shop, name):
    made = device.book(customer={"name": name, "phone": "13812345678"})
    shown = device.booking(made)["customer"]["name"]
    assert shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("booking.move", {"day": DAY, "start": TEN}),
        ("booking.status", {"status": "arrived"}),
        ("booking.cancel", {"reason": ""}),
        ("booking.note", {"note": "x"}),
        ("clash.resolve", {"how": "keep"}),
        ("walkin.left", {}),
        ("walkin.seat", {"booking_id": str(uuid4())}),
    ],
)
def test_what_is_in_no_book_or_another_branchs_is_unknown(device, shop, session, kind, more):
    elsewhere = device.book()
    waiting = walk_in(device)
    for model, row in ((Booking, elsewhere), (WalkIn, waiting)):
        session.execute(
            text(f"update {model.__tablename__} set branch_id = :branch where id = :id"),
            {"branch": shop.second_branch_id, "id": row},
        )
    session.flush()
    for subject in (elsewhere, waiting, str(uuid4())):
        result = device.do(kind, {"id": subject, **more})
        assert (result["status"], result["code"]) == ("rejected", "unknown_booking")
    status = session.scalar(text("select status from bookings where id = :id"), {"id": elsewhere})
    assert status == "booked"


def test_a_booking_of_another_branch_is_not_made_again_here(device, shop, session):
    made = device.book()
    session.execute(
        text("update bookings set branch_id = :branch where id = :id"), {"branch": shop.second_branch_id, "id": made}
    )
    session.flush()
    result = device.do("booking.create", new_booking(shop, id=made))
    assert (result["status"], result["code"]) == ("rejected", "unknown_booking")


def test_work_of_another_branchs_device_is_not_told_here(device, shop, sign_in_as, session):
    wanted = op("booking.create", new_booking(shop))
    device.sync(wanted)
    elsewhere = Device(sign_in_as("manager"), shop)
    elsewhere.api = f"/api/v1/branches/{shop.second_branch_id}"
    result = elsewhere.sync(wanted)["results"][0]
    assert (result["status"], result["code"], "id" in result) == ("rejected", "unknown_operation", False)


BODIES = {
    "no device": {"ops": []},
    "work without an id": {"device": "x", "ops": [{"type": "booking.note"}]},
    "work that is a number": {"device": "x", "ops": [7]},
    "a day that is none": {"device": "x", "day": "soon"},
    "201 pieces of work": {"device": "x", "ops": [op("x", {}) for _ in range(201)]},
    "a list": [],
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_an_envelope_that_cannot_be_read_is_a_problem_document(device, session, body):
    answer = device.browser.post(f"{device.api}/sync", json=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert rows(session, DeskOp) == 0


def test_an_old_device_may_say_more_than_we_know(device, shop):
    answer = device.sync(op("booking.create", new_booking(shop), schema=7), pin="x")
    assert answer["results"][0]["status"] == "applied"


@pytest.mark.parametrize("cursor", [None, "", "x", "9" * 19, "9" * 400, 7, "-1", {"a": 1}])
def test_a_cursor_of_no_use_fetches_the_whole_day(device, cursor):
    made = device.book()
    answer = device.sync(cursor=cursor)
    assert made in {change["id"] for change in answer["changes"]}
    assert answer["cursor"].isdigit()
