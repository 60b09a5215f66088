"""The day board: what a branch's screen shows."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, text, update

from blueprints.booking import service
from blueprints.booking.values import BookingRequest, CustomerInput, HoldRequest
from blueprints.catalog.models import ServiceStep, Skill
from blueprints.staff.models import PersonSkill
from shopbell import clock, ids
from tests.frontdesk.conftest import DAY, ELEVEN, TEN, new_booking, op

MOST_QUERIES = 6


def test_nobody_sees_a_board_without_signing_in(client, shop):
    answer = client.get(f"/api/v1/branches/{shop.branch_id}/board")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")


def test_a_program_may_not_see_the_board(api_client, shop):
    assert api_client().get(f"/api/v1/branches/{shop.branch_id}/board").status_code == 403


def test_the_board_of_others_is_not_there(stranger, shop):
    answer = stranger.get(f"/api/v1/branches/{shop.branch_id}/board")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_branch")


def test_another_chains_board_is_not_there(sign_in_as, other_shop):
    assert sign_in_as("hq").get(f"/api/v1/branches/{other_shop.branch_id}/board").status_code == 404


@pytest.mark.parametrize("day", ["2027-02-29", "tomorrow", "9999-12-31", ""])
def test_a_day_that_is_none_is_named(device, day):
    answer = device.browser.get(f"{device.api}/board?day={day}")
    assert (answer.status_code, list(answer.get_json()["fields"])) == (422, ["day"])


def test_a_board_without_a_day_is_todays(device):
    board = device.browser.get(f"{device.api}/board").get_json()
    assert (board["day"], board["today"], board["now_minute"]) == (DAY, DAY, 480)


def test_everybody_with_a_shift_stands_on_the_board(device, shop):
    board = device.board()
    assert (board["opens"], board["closes"]) == (540, 1080)
    assert {person["id"] for person in board["people"]} == {str(person) for person in shop.people}
    linh = next(person for person in board["people"] if person["name"] == "Trần Linh")
    assert linh == {
        "id": str(shop.people[1]),
        "name": "Trần Linh",
        "title": "Optometrist",
        "initials": "TL",
        "shifts": [[540, 1080]],
        "can": [str(shop.eye_test), str(shop.fitting)],
    }


def test_a_booking_is_shown_with_its_customer_and_when_the_person_is_busy(device, shop):
    made = device.book(note="Left eye first")
    shown = device.booking(made)
    customer = shown.pop("customer")
    assert (customer["name"], customer["phone"], customer["phone_text"]) == ("李明", "+8613812345678", "138 1234 5678")
    assert shown.pop("ref")
    shown.pop("why")
    assert shown == {
        "id": made,
        "day": DAY,
        "person": str(shop.people[0]),
        "start": TEN,
        "minutes": 30,
        "extra": 0,
        "busy": [[0, 30]],
        "helps": [],
        "places": ["exam_room 1", "phoropter 1"],
        "service": str(shop.eye_test),
        "service_name": "Test Eye Test",
        "options": [],
        "chosen": [],
        "guest": "",
        "status": "booked",
        "source": "desk",
        "note": "Left eye first",
        "clash": None,
        "slot_version": 0,
        "visit": None,
        "series": None,
        "price": "CN¥199.00",
        "fee": None,
        "grace": 15,
    }


def test_a_person_is_free_while_a_step_needs_nobody(device, shop, session):
    waits = text("update service_steps set skill_id = null where service_id = :service and position = 0")
    session.execute(waits, {"service": shop.eye_test})
    session.flush()
    assert device.booking(device.book())["busy"] == [[10, 20]]


@pytest.mark.proves("B7")
def test_who_gives_another_step_of_it_is_shown_to_be_busy_with_that(device, shop, session):
    skill = Skill(id=ids.uuid7(), key="test-pretest", name={"en": "Pre-test"})
    session.add(skill)
    session.flush()
    session.add(PersonSkill(person_id=shop.people[1], skill_id=skill.id))
    first_step = (ServiceStep.service_id == shop.eye_test, ServiceStep.position == 0)
    session.execute(update(ServiceStep).where(*first_step).values(role="helper", skill_id=skill.id))
    session.flush()
    shown = device.booking(device.book())
    assert shown["busy"] == [[10, 20]]
    assert shown["helps"] == [{"person": str(shop.people[1]), "busy": [[0, 10]]}]


def test_the_desk_reads_why_it_is_this_person(device, shop):
    asked, anyone = device.book(), device.do("booking.create", new_booking(shop))["id"]
    assert device.booking(asked)["why"] == "The customer asked for this person."
    assert device.booking(anyone)["why"].endswith(".")


def test_a_held_time_is_shown_without_anybodys_name(device, shop, session):
    held = service.hold(session, HoldRequest(shop.branch_id, shop.eye_test, clock.now() + timedelta(hours=2)))
    session.flush()
    shown = device.booking(held.booking_id)
    assert (shown["status"], shown["customer"], shown["start"]) == ("held", None, TEN)


def test_a_hold_that_has_run_out_is_not_shown(device, shop, session, now):
    service.hold(session, HoldRequest(shop.branch_id, shop.eye_test, now + timedelta(hours=2)))
    session.flush()
    with clock.frozen(now + timedelta(minutes=11)):
        assert device.board()["bookings"] == []


def test_the_board_of_another_day_still_shows_who_waits_now(device, shop):
    device.do("walkin.add", {"id": str(uuid4()), "name": "Man in a red coat", "phone": "", "service": None})
    board = device.board("2026-03-05")
    assert board["bookings"] == []
    assert [walk_in["name"] for walk_in in board["walkins"]] == ["Man in a red coat"]


def test_somebody_without_a_shift_is_shown_on_a_day_they_have_a_booking(device, shop, session):
    device.book(ELEVEN, shop.people[1])
    session.execute(text("delete from roster_shifts where person_id = :person"), {"person": shop.people[1]})
    session.flush()
    shifts = {person["id"]: person["shifts"] for person in device.board()["people"]}
    assert shifts == {str(shop.people[0]): [[540, 1080]], str(shop.people[1]): []}


def test_a_closed_day_has_no_hours(device, shop, session):
    session.execute(
        text("insert into opening_exceptions (id, branch_id, day, reason) values (:id, :branch, :day, '')"),
        {"id": ids.uuid7(), "branch": shop.branch_id, "day": DAY},
    )
    session.flush()
    board = device.board()
    assert (board["opens"], board["closes"]) == (None, None)


def test_a_full_board_costs_no_more_queries_than_an_empty_one(app, device, shop, session):
    device.board()
    empty = count_queries(app, device)
    for number in range(16):
        wanted = BookingRequest(
            shop.branch_id,
            shop.fitting,
            clock.now() + timedelta(minutes=60 + 30 * number),
            CustomerInput(f"Customer {number}", f"138{number:08}"),
            source="desk",
        )
        service.reserve(session, wanted)
    session.flush()
    device.sync(*(op("walkin.add", {"id": str(uuid4()), "name": f"Guest {n}"}) for n in range(10)))
    device.board()
    full = count_queries(app, device)
    assert len(device.board()["bookings"]) == 16
    assert len(empty) <= len(full) <= MOST_QUERIES, "\n".join(full)


def count_queries(app, device) -> list[str]:
    """The statements of one board, without those that find out who asks."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "show", "set local", "select 1")):
            seen.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    try:
        device.board()
    finally:
        event.remove(app.database.engine, "before_cursor_execute", note)
    return [statement for statement in seen if "user_sessions" not in statement]
