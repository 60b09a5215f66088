"""HQ pages of branches, services, rooms and devices: what they change, keep and refuse."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.catalog import place_types, queries
from tenants.packs import PACKS
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]

BRANCH = {
    "name.en": "West Lake",
    "name.zh-CN": "西湖店",
    "address.en": "1 Lakeside Road",
    "phone": "0571 8765 4321",
    "time_zone": "Asia/Shanghai",
    "is_open": "yes",
    "slot_minutes": "15",
    "lead_minutes": "30",
    "horizon_days": "60",
    "cancel_deadline_minutes": "120",
}
SERVICE = {
    "name.en": "Night lens advice",
    "category.en": "Contact lenses",
    "price": "120.50",
    "active": "yes",
    "steps": "1",
    "steps.0.name.en": "Fitting",
    "steps.0.minutes": "30",
    "steps.0.room_type": "exam_room",
}


def changes(shop: Shop) -> list[tuple[str, dict[str, str]]]:
    """Every address that changes something, with what would be accepted."""
    branch, service = f"/hq/branches/{shop.branch_id}", f"/hq/services/{shop.eye_test}"
    return [
        ("/hq/branches/new", BRANCH),
        (branch, BRANCH),
        (f"{branch}/hours", {"hours.0": "09:00-10:00"}),
        (f"{branch}/exceptions", {"day": "2026-05-01"}),
        (f"{branch}/exceptions/2026-05-01/removal", {}),
        (f"{branch}/places", {"kind": "room", "type": "exam room", "name": "Room 9"}),
        ("/hq/services/new", SERVICE),
        (service, SERVICE),
        (f"{service}/steps", SERVICE),
        (f"{service}/steps/0/move", {"by": "1"}),
        ("/hq/skills", {"name.en": "Orthokeratology lenses"}),
        (f"/hq/skills/{shop.skill_id}", {"name.en": "Other"}),
    ]


def everything(session: Session, shop: Shop) -> list[object]:
    found: list[object] = [queries.branches(session), queries.services(session, active_only=False)]
    found += [queries.skills(session), queries.weekly_hours(session, shop.branch_id)]
    return [*found, queries.resources_at(session, shop.branch_id)]


@pytest.mark.parametrize("role", [None, "manager", "frontdesk"])
def test_only_head_office_changes_the_catalogue(
    client: FlaskClient, sign_in_as: SignIn, session: Session, shop: Shop, role: str | None
) -> None:
    browser = sign_in_as(role) if role else client
    before = everything(session, shop)
    for address, typed in changes(shop):
        assert browser.post(address, data=typed).status_code == (403 if role else 303), address
    session.expire_all()
    assert everything(session, shop) == before


def test_ids_of_another_chain_cannot_be_changed(sign_in_as: SignIn, other_shop: Shop) -> None:
    browser = sign_in_as("hq")
    for address, typed in changes(other_shop):
        if not address.endswith(("/new", "/skills")):
            assert browser.post(address, data=typed).status_code == 404, address


def test_what_is_accepted_is_stored_and_shown(sign_in_as: SignIn, shop: Shop) -> None:
    browser = sign_in_as("hq")
    for address, typed in changes(shop):
        answer = browser.post(address, data=typed)
        assert answer.status_code == 303, (address, answer.text)
        assert browser.get(answer.location).status_code == 200, address


def test_a_new_branch_gets_its_short_name_from_its_english_name(sign_in_as: SignIn, session: Session) -> None:
    answer = sign_in_as("hq").post("/hq/branches/new", data=BRANCH)
    found = queries.branch_by_slug(session, "west-lake")
    assert answer.location == f"/hq/branches/{found.id}/hours?saved=new"
    assert found.phone == "+8657187654321"


def test_a_form_with_mistakes_keeps_what_was_typed_and_says_where(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    before = queries.branches(session)
    typed = BRANCH | {"phone": "12", "slot_minutes": "often", "latitude": "north", "name.vi": "<Tây Hồ> 👓"}
    answer = sign_in_as("hq").post(f"/hq/branches/{shop.branch_id}", data=typed)
    assert answer.status_code == 422
    for field in ("phone", "slot_minutes", "latitude"):
        assert f'href="#f-{field}"' in answer.text
        assert f'id="f-{field}-err"' in answer.text
    assert 'value="often"' in answer.text
    assert "&lt;Tây Hồ&gt; 👓" in answer.text
    assert queries.branches(session) == before


def test_a_taken_short_name_is_said_at_its_field(sign_in_as: SignIn) -> None:
    answer = sign_in_as("hq").post("/hq/branches/new", data=BRANCH | {"slug": "jingan"})
    assert answer.status_code == 409
    assert 'href="#f-slug"' in answer.text
    assert 'value="West Lake"' in answer.text


def test_hours_are_typed_as_text_with_breaks(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    address = f"/hq/branches/{shop.branch_id}/hours"
    assert browser.post(address, data={"hours.0": "9:00-12:30, 13:30–18:00"}).status_code == 303
    session.expire_all()
    assert queries.weekly_hours(session, shop.branch_id) == {0: [(540, 750), (810, 1080)]}
    assert 'value="09:00–12:30, 13:30–18:00"' in browser.get(address).text
    answer = browser.post(address, data={"hours.0": "all day"})
    assert answer.status_code == 422
    assert 'value="all day"' in answer.text
    session.expire_all()
    assert queries.weekly_hours(session, shop.branch_id) == {0: [(540, 750), (810, 1080)]}


def test_the_29th_of_february_2027_is_no_day(sign_in_as: SignIn, shop: Shop) -> None:
    browser = sign_in_as("hq")
    answer = browser.post(f"/hq/branches/{shop.branch_id}/exceptions", data={"day": "2027-02-29"})
    assert answer.status_code == 422
    assert 'href="#f-day"' in answer.text
    assert browser.post(f"/hq/branches/{shop.branch_id}/exceptions/2027-02-29/removal").status_code == 404


def test_mistakes_in_steps_are_said_at_the_step_they_are_in(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    typed = {
        "steps": "3",
        "steps.0.name.en": "Gone",
        "steps.0.minutes": "10",
        "steps.0.remove": "yes",
        "steps.1.name.en": "Kept",
        "steps.1.minutes": "7",
        "steps.1.skill": str(shop.skill_id),
    }
    answer = browser.post(f"/hq/services/{shop.eye_test}/steps", data=typed)
    assert answer.status_code == 422
    assert 'href="#f-steps-1-minutes"' in answer.text
    assert "Step 2, Minutes: 5 to 720" in answer.text
    assert len(queries.service(session, shop.eye_test).steps) == 2
    assert (
        browser.post(f"/hq/services/{shop.eye_test}/steps", data=typed | {"steps.1.minutes": "25"}).status_code == 303
    )
    session.expire_all()
    assert [step.minutes for step in queries.service(session, shop.eye_test).steps] == [25]


def test_htmx_gets_the_moved_list_alone_with_the_focus_on_the_moved_step(sign_in_as: SignIn, shop: Shop) -> None:
    address = f"/hq/services/{shop.eye_test}/steps/0/move"
    answer = sign_in_as("hq").post(address, data={"by": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<ol")
    assert answer.text.index("Step 2") < answer.text.index("Step 1")
    assert answer.text.count("data-focus") == 1


def test_a_room_goes_out_of_use_and_comes_back(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    room = queries.resources_at(session, shop.branch_id)[0]
    place = f"/hq/branches/{shop.branch_id}/places/{room.id}"
    assert browser.get(place).status_code == 200
    assert browser.post(place, data={"type": "exam room", "name": "Blue room"}).status_code == 303
    assert browser.post(f"{place}/retirement").status_code == 303
    page = browser.get(f"/hq/branches/{shop.branch_id}/places").text
    assert "Blue room" in page
    assert "Out of use" in page
    assert browser.post(f"{place}/return").status_code == 303
    wrong = f"/hq/branches/{shop.second_branch_id}/places/{room.id}"
    assert browser.get(wrong).status_code == 404
    assert browser.post(f"{wrong}/retirement").status_code == 404


def test_long_lists_come_in_pages(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    for number in range(30):
        typed = {"kind": "room", "type": "exam room", "name": f"Room {number:02}"}
        assert browser.post(f"/hq/branches/{shop.branch_id}/places", data=typed).status_code == 303
    address = f"/hq/branches/{shop.branch_id}/places"
    first, second = browser.get(address).text, browser.get(f"{address}?page=2").text
    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in second
    assert first.count("/retirement") == 25
    assert second.count("/retirement") == 9
    assert "Page 2 of 2" in browser.get(f"{address}?page=99").text
    assert browser.get(f"{address}?page=x").status_code == 200


@pytest.mark.parametrize(
    "price",
    ["-1", "1e3", "1,000.00", "12.345", "9" * 30, "3000000000", "", "free", "１２"],
    ids=lambda price: price[:10],
)
def test_a_price_that_is_none_is_said_at_its_field(
    sign_in_as: SignIn, session: Session, shop: Shop, price: str
) -> None:
    before = queries.service(session, shop.eye_test)
    answer = sign_in_as("hq").post(f"/hq/services/{shop.eye_test}", data=SERVICE | {"price": price})
    assert answer.status_code == 422
    assert 'href="#f-price"' in answer.text
    session.expire_all()
    assert queries.service(session, shop.eye_test) == before


def test_an_unknown_skill_is_not_found(sign_in_as: SignIn) -> None:
    assert sign_in_as("hq").get(f"/hq/skills/{UUID(int=7)}").status_code == 404


def test_types_of_the_trade_have_names_and_are_typed_by_them(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, address = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}/places"
    page = browser.get(address).text
    assert '<option value="corneal topographer">' in page, "no branch has one yet, but services of the trade need it"
    typed = {"kind": "device", "type": "Corneal topographer", "name": "Topographer 1"}
    assert browser.post(address, data=typed).status_code == 303
    assert "topographer" in {found.type for found in queries.resources_at(session, shop.branch_id)}
    assert "<td>corneal topographer</td>" in browser.get(address).text
    assert '<option value="topographer">corneal topographer</option>' in browser.get("/hq/services/new").text


def test_a_type_of_the_chains_own_stays_as_typed_and_is_one_however_it_is_written(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    browser, address = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}/places"
    for name, type_ in (("Lounge 1", "VIP Lounge"), ("Lounge 2", "vip lounge"), ("Room 8", "EXAM room")):
        assert browser.post(address, data={"kind": "room", "type": type_, "name": name}).status_code == 303
    found = {place.name: place.type for place in queries.resources_at(session, shop.branch_id)}
    assert (found["Lounge 1"], found["Lounge 2"], found["Room 8"]) == ("VIP Lounge", "VIP Lounge", "exam_room")
    assert "<td>VIP Lounge</td>" in browser.get(address).text


def test_a_number_is_shown_as_people_of_the_country_write_it_and_taken_both_ways(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    browser, address = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}"
    for typed in ("0571 8765 4321", "+86 571 8765 4321"):
        assert browser.post(address, data={**BRANCH, "phone": typed}).status_code == 303
        assert queries.branch(session, shop.branch_id).phone == "+8657187654321"
        assert 'value="0571 8765 4321"' in browser.get(address).text


def test_every_type_of_the_trade_packs_has_a_name() -> None:
    needed = {type_ for pack in PACKS.values() for type_ in pack.room_types | pack.device_types}
    assert needed == set(place_types.NAMES)
