"""The page behind the code on the door, the ticket on the own phone, the poster."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.arrivals import api as arrivals
from blueprints.arrivals import tickets
from blueprints.booking import api as booking
from blueprints.booking.api import Seating
from blueprints.booking.models import WalkIn
from blueprints.brand import service as brand
from blueprints.brand.models import LegalAgreement
from blueprints.brand.service import LegalInput
from blueprints.catalog import api as catalog
from blueprints.catalog.service import retire_resource
from shopbell import clock, ids
from tests.arrivals.conftest import Floor
from tests.support.world import Shop

At = Callable[[int], Any]
SignIn = Callable[..., FlaskClient]
DOOR = "/arrive/xintiandi"


def field(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found
    return found.group(1)


def said(client: FlaskClient, code: str, who: str) -> Any:
    return client.post(f"{DOOR}?c={code}", data={"who": who})


def status_of(session: Session, booking_id: UUID) -> str:
    session.expire_all()
    return booking.details(session, booking_id).status


def test_whoever_takes_a_number_agrees_to_what_the_chain_asks_for(
    client: FlaskClient, floor: Floor, shop: Shop, session: Session
) -> None:
    brand.publish_legal(session, "terms", LegalInput({"en": "Terms"}, clock.now().date(), asks=True), "", 1)
    address = f"{DOOR}?c={floor.door_code()}"
    page = client.get(address).text
    form = {"new": field(page, "new"), "name": "Nguyễn An", "service": str(shop.fitting)}
    refused = client.post(address, data=form)
    assert refused.status_code == 422
    assert 'href="#f-agree_terms"' in refused.text
    assert session.scalars(select(WalkIn)).all() == []
    for _time in range(2):
        assert client.post(address, data={**form, "agree_terms": field(page, "agree_terms")}).status_code == 303
    kept = session.scalars(select(LegalAgreement)).one()
    waiting = session.scalars(select(WalkIn.id)).one()
    assert (kept.occasion, kept.subject_id, kept.customer_id, kept.told_by) == ("walk_in", waiting, None, "")


@pytest.mark.proves("B9")
def test_a_walk_in_takes_a_ticket_at_the_door_and_waits_on_the_own_phone(
    client: FlaskClient, floor: Floor, shop: Shop, session: Session
) -> None:
    code = floor.door_code()
    floor.comes("Before me")
    floor.comes("Before me too")
    page = client.get(f"{DOOR}?c={code}")
    assert page.status_code == 200
    form = {"new": field(page.text, "new"), "name": "Nguyễn An", "service": str(shop.fitting), "phone": ""}
    answer = client.post(f"{DOOR}?c={code}", data=form)
    assert answer.status_code == 303
    again = client.post(f"{DOOR}?c={code}", data=form)
    ticket = client.get(again.location)
    assert ticket.status_code == 200
    assert ticket.headers["Refresh"] == "30"
    assert "no-store" in ticket.headers["Cache-Control"]
    assert ">3</p>" in ticket.text
    assert "2 people are before you" in ticket.text
    assert "10 to 20 min" in ticket.text
    assert len(arrivals.plan(session, shop.branch_id)["waiting"]) == 3, "sent twice, one ticket"
    assert "<script" not in ticket.text
    assert "style=" not in ticket.text


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.set_cookie("lang", "en", domain="lumi-test.localhost")


def test_the_ticket_says_when_one_is_called_served_and_when_it_takes_longer(
    client: FlaskClient, floor: Floor, shop: Shop, session: Session, at: At
) -> None:
    for name in ("An", "Bo"):
        floor.comes(name)
    told = floor.comes("Cai")
    address = arrivals.ticket_link(told.walk_in_id)
    with clock.frozen(at(60)):
        assert "It takes longer than we said" in client.get(address).text
    arrivals.call(session, told.walk_in_id, shop.people[0])
    session.commit()
    called = client.get(address)
    assert "It is your turn" in called.text
    assert "王芳" in called.text
    assert called.headers["Refresh"] == "15"
    with clock.frozen(at(1)):
        booking.seat_walk_in(session, Seating(told.walk_in_id, person_id=shop.people[0]))
        session.commit()
        served = client.get(address)
    assert "You are being served" in served.text
    assert "Refresh" not in served.headers


def test_somebody_leaves_the_queue_after_being_asked(client: FlaskClient, floor: Floor, session: Session) -> None:
    told = floor.comes("An")
    address = arrivals.ticket_link(told.walk_in_id)
    assert "Leave the queue?" in client.get(f"{address}/leave").text
    walk_in = booking.walk_in(session, told.walk_in_id)
    assert walk_in is not None
    assert walk_in.status == "waiting", "asking changes nothing"
    for _ in range(2):
        assert client.post(f"{address}/leave").status_code == 303
    session.expire_all()
    walk_in = booking.walk_in(session, told.walk_in_id)
    assert walk_in
    assert walk_in.status == "left"
    assert "You have left the queue" in client.get(address).text


@pytest.mark.parametrize("who", ["8001", "138 0013 8001", "+86 138 0013 8001", "ref"])
def test_a_customer_checks_in_with_digits_or_the_reference(
    client: FlaskClient, floor: Floor, session: Session, at: At, who: str
) -> None:
    code = floor.door_code()
    made = floor.books(at(20), phone="13800138001")
    floor.books(at(20), 1, phone="13800138002")
    answer = said(client, code, made.ref.lower() if who == "ref" else who)
    assert answer.status_code == 303
    assert status_of(session, made.id) == "arrived"
    assert "Your appointment" in client.get(answer.location).text
    assert said(client, code, "8001").status_code == 303, "once more does no harm"


def test_too_early_too_late_and_elsewhere_are_said_kindly(
    client: FlaskClient, floor: Floor, session: Session, at: At
) -> None:
    code = floor.door_code()
    made = floor.books(at(120), phone="13800138001")
    early = said(client, code, "8001")
    assert early.status_code == 422
    assert "Your appointment is at 12:00. You can check in from 11:00 on." in early.text
    assert 'value="8001"' in early.text, "what was typed is kept"
    with clock.frozen(at(136)):
        late = said(client, code, "8001")
        assert late.status_code == 422
        assert "Please come to the desk" in late.text
    assert status_of(session, made.id) == "booked"


def test_the_door_tells_nobody_about_others(client: FlaskClient, floor: Floor, at: At) -> None:
    code = floor.door_code()
    floor.books(at(20), phone="13800138001")
    floor.books(at(20), 1, phone="13900138001")
    several = said(client, code, "8001")
    assert several.status_code == 422
    assert "Type your whole mobile number" in several.text
    for who in ("0000", "", "12", "AAAAAAA", "\x00", "9" * 600):
        unknown = said(client, code, who)
        assert unknown.status_code == 422
        assert "Customer" not in unknown.text
        assert "13900138001" not in unknown.text


def test_trying_many_endings_is_stopped(client: FlaskClient, floor: Floor) -> None:
    code = floor.door_code()
    answers = [said(client, code, f"{number:04}").status_code for number in range(14)]
    assert 429 in answers


def test_without_the_doors_code_nothing_opens(client: FlaskClient, floor: Floor, shop: Shop, session: Session) -> None:
    assert client.get(DOOR).status_code == 404, "no code was ever made"
    old = floor.door_code()
    code = floor.door_code()
    assert client.get(f"{DOOR}?c={old}").status_code == 404
    assert client.get(f"{DOOR}?c={code}").status_code == 200
    form = {"name": "An", "service": str(shop.fitting)}
    assert client.post(f"{DOOR}?c={old}", data=form).status_code == 404
    assert said(client, old, "8001").status_code == 404
    assert arrivals.plan(session, shop.branch_id)["waiting"] == []


def test_what_is_wrong_with_a_ticket_is_said_at_its_field(client: FlaskClient, floor: Floor, shop: Shop) -> None:
    code = floor.door_code()
    for data, sentence in (
        ({"name": "", "service": str(shop.fitting)}, "Enter a name"),
        ({"name": "An", "service": ""}, "Choose what you come for."),
        ({"name": "An", "service": str(ids.uuid7())}, "Nobody here can do this today any more."),
        ({"name": "An", "service": str(shop.fitting), "phone": "12"}, 'id="e-phone"'),
    ):
        answer = client.post(f"{DOOR}?c={code}", data=data)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{data["name"]}"' in answer.text


def test_a_ticket_of_another_chain_or_made_up_means_nothing(
    client: FlaskClient, other_client: FlaskClient, floor: Floor
) -> None:
    told = floor.comes("An")
    address = arrivals_link(floor, told.walk_in_id)
    assert other_client.get(address).status_code == 404
    assert client.get("/t/made-up").status_code == 404
    assert client.get(address).status_code == 200


def arrivals_link(floor: Floor, walk_in_id: UUID) -> str:
    with floor.database.transaction(floor.shop.tenant):
        return arrivals.ticket_link(walk_in_id)


def test_i_am_here_from_the_own_page_when_it_is_time(
    client: FlaskClient, floor: Floor, session: Session, at: At
) -> None:
    made = floor.books(at(90))
    assert arrivals.check_in_link(session, made.id) is None, "an hour and a half before"
    with clock.frozen(at(60)):
        address = arrivals.check_in_link(session, made.id)
        assert address
        assert address.startswith("/here/")
        assert "Are you here?" in client.get(address).text
        assert status_of(session, made.id) == "booked"
        answer = client.post(address)
        assert answer.status_code == 303
        assert status_of(session, made.id) == "arrived"
        ticket = arrivals.check_in_link(session, made.id)
        assert ticket
        assert client.get(ticket).status_code == 200
        assert client.get(address).status_code == 303
    late = floor.books(at(15), 1)
    with clock.frozen(at(40)):
        assert arrivals.check_in_link(session, late.id) is None
        assert client.post(f"/here/{tickets.token(late.id)}").status_code == 422


def test_the_poster_shows_a_code_that_leads_to_the_door(
    sign_in_as: SignIn, client: FlaskClient, shop: Shop, floor: Floor
) -> None:
    desk, hq = sign_in_as("frontdesk", [shop.branch_id]), sign_in_as("hq")
    assert "This branch has no code yet" in desk.get("/door/xintiandi?lang=en").text
    assert desk.post("/door/xintiandi/code").status_code == 403
    assert hq.post("/door/xintiandi/code").status_code == 303
    page = desk.get("/door/xintiandi?lang=en")
    address = re.search(r'class="address" href="([^"]+)"', page.text)
    assert address
    assert client.get(address.group(1).replace("&amp;", "&")).status_code == 200
    assert client.get("/door/xintiandi").status_code in {302, 303, 401}
    elsewhere = sign_in_as("manager", [shop.second_branch_id])
    assert elsewhere.get("/door/xintiandi").status_code == 404
    assert elsewhere.post("/door/xintiandi/code").status_code == 404


@pytest.mark.proves("B9")
def test_the_door_offers_only_what_somebody_can_still_do_today_with_its_wait(
    client: FlaskClient, floor: Floor, shop: Shop, session: Session, at: At
) -> None:
    code = floor.door_code()
    page = client.get(f"{DOOR}?c={code}").text
    assert str(shop.eye_test) in page
    assert "wait: No wait" in page
    with clock.frozen(at(450)):
        late = client.get(f"{DOOR}?c={code}").text
        assert str(shop.fitting) in late, "15 minutes still fit before six"
        assert str(shop.eye_test) not in late, "30 do not"
        typed = {"new": field(late, "new"), "name": "An", "service": str(shop.eye_test), "phone": ""}
        refused = client.post(f"{DOOR}?c={code}", data=typed)
        assert refused.status_code == 422
        assert "Nobody here can do this today any more" in refused.text
        assert 'value="An"' in refused.text
        assert arrivals.plan(session, shop.branch_id)["waiting"] == []


def test_the_last_ticket_of_the_day_sent_again_is_the_same_ticket(
    client: FlaskClient, floor: Floor, shop: Shop, at: At
) -> None:
    code = floor.door_code()
    with clock.frozen(at(450)):
        page = client.get(f"{DOOR}?c={code}").text
        form = {"new": field(page, "new"), "name": "An", "service": str(shop.fitting), "phone": ""}
        first = client.post(f"{DOOR}?c={code}", data=form)
        floor.comes("Bo")
        again = client.post(f"{DOOR}?c={code}", data=form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location


def test_nothing_is_offered_for_which_the_branch_has_no_room(
    client: FlaskClient, floor: Floor, shop: Shop, session: Session
) -> None:
    code = floor.door_code()
    for place in catalog.resources_at(session, shop.branch_id):
        if place.kind == "room":
            retire_resource(session, shop.branch_id, place.id)
    session.commit()
    page = client.get(f"{DOOR}?c={code}").text
    assert str(shop.eye_test) not in page
    assert str(shop.fitting) in page
