"""The queue's API and the figures of HQ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.arrivals import api as arrivals
from blueprints.booking import api as booking
from blueprints.booking.api import Seating
from shopbell import clock
from tests.arrivals.conftest import Floor
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
At = Callable[[int], Any]


def test_the_queue_and_calls_over_the_api(api_client: Callable[..., FlaskClient], floor: Floor, shop: Shop) -> None:
    program = api_client("booking")
    told = floor.comes("An")
    queue = program.get(f"/api/v1/branches/{shop.branch_id}/queue").get_json()
    assert [one["name"] for one in queue["waiting"]] == ["An"]
    called = program.post(f"/api/v1/branches/{shop.branch_id}/calls", json={"person": str(shop.people[0])})
    assert called.status_code == 201
    assert called.get_json()["id"] == str(told.walk_in_id)
    assert called.get_json()["person"] == str(shop.people[0])
    nobody = program.post(f"/api/v1/branches/{shop.branch_id}/calls", json={})
    assert nobody.status_code == 409
    assert nobody.get_json()["code"] == "nobody_waits"


def test_the_queue_is_for_staff_of_the_branch(
    client: FlaskClient, sign_in_as: SignIn, shop: Shop, other_shop: Shop, floor: Floor, session: Session
) -> None:
    floor.comes("An")
    queue, calls = (f"/api/v1/branches/{shop.branch_id}/{what}" for what in ("queue", "calls"))
    assert client.get(queue).status_code == 401
    assert client.post(calls, json={}).status_code == 401
    desk = sign_in_as("frontdesk", [shop.branch_id])
    assert desk.get(queue).status_code == 200
    assert desk.get(f"/api/v1/branches/{other_shop.branch_id}/queue").status_code == 404
    elsewhere = sign_in_as("manager", [shop.second_branch_id])
    assert elsewhere.get(queue).status_code == 404
    assert elsewhere.post(calls, json={}).status_code == 404
    assert arrivals.plan(session, shop.branch_id)["waiting"][0]["status"] == "waiting"


@pytest.mark.proves("B9")
def test_hq_sees_how_long_people_waited_against_what_they_were_told(
    sign_in_as: SignIn, floor: Floor, shop: Shop, session: Session, at: At
) -> None:
    first, second, third = (floor.comes(name) for name in ("An", "Bo", "Cai"))
    made = floor.books(at(60))
    floor.books(at(75), 1)
    for told, minutes, person in ((first, 0, 0), (second, 10, 1), (third, 20, 0)):
        with clock.frozen(at(minutes)):
            booking.seat_walk_in(session, Seating(told.walk_in_id, person_id=shop.people[person]))
    with clock.frozen(at(25)):
        gone = floor.comes("Dao")
        booking.leave_walk_in(session, gone.walk_in_id)
    with clock.frozen(at(55)):
        booking.set_status(session, made.id, "arrived")
    with clock.frozen(at(66)):
        booking.set_status(session, made.id, "in_service")
    session.commit()
    with clock.frozen(at(70)):
        page = sign_in_as("hq").get("/hq/waits?lang=en")
    assert page.status_code == 200
    text = " ".join(page.text.split())
    assert "<b>10 min</b>" in text, "0, 10 and 20 minutes"
    assert "2 of 3 served no later than told" in text, "the second was told that there is no wait"
    assert "of 4 who came without an appointment" in text
    assert "<b>6 min</b>" in text, "an appointment of 11:00 that began at 11:06"


def test_managers_see_their_own_branches_waits_and_the_desk_none(
    client: FlaskClient, sign_in_as: SignIn, floor: Floor, shop: Shop
) -> None:
    floor.comes("An")
    assert "Xintiandi" not in sign_in_as("manager", [shop.second_branch_id]).get("/hq/waits?lang=en").text
    assert "Xintiandi" in sign_in_as("hq").get("/hq/waits?lang=en&days=28").text
    assert sign_in_as("frontdesk", [shop.branch_id]).get("/hq/waits").status_code == 403
    assert client.get("/hq/waits").status_code in {302, 303, 401}


@pytest.mark.parametrize("query", ["days=0", "days=x", "days=99999999999", "branch=nowhere", "days=%C2%B2"])
def test_odd_questions_get_the_usual_answer(sign_in_as: SignIn, query: str) -> None:
    assert sign_in_as("hq").get(f"/hq/waits?{query}").status_code == 200
