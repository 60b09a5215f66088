"""What staff and programs see of the waitlist, and may do with it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.waitlist import service
from blueprints.waitlist.queries import desk
from shopbell import clock, ids
from tests.support.world import Shop
from tests.waitlist.people import DAY, LAN, MEI, free, join, only_offer, status

pytestmark = pytest.mark.proves("B11")
Run = Callable[[], int]
SignIn = Callable[..., FlaskClient]


def document(shop: Shop, **more: Any) -> dict[str, Any]:
    return {
        "service": str(shop.eye_test),
        "branches": [str(shop.branch_id)],
        "first_day": DAY.isoformat(),
        "last_day": DAY.isoformat(),
        "customer": {"name": "Lan", "phone": "13800138000", "locale": "en"},
        **more,
    }


def test_nobody_sees_the_list_without_signing_in(client: FlaskClient, sign_in_as: SignIn) -> None:
    assert client.get("/hq/waitlist").status_code in {302, 303, 401}
    assert client.get("/api/v1/waitlist").status_code == 401
    assert sign_in_as("frontdesk").get("/hq/waitlist").status_code == 403


def test_head_office_sees_who_waits_and_what_came_of_it(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Run
) -> None:
    join(session, shop, LAN, waited=5)
    join(session, shop, MEI)
    free(session, shop)
    run_jobs()
    office = sign_in_as("hq")
    waiting = office.get("/hq/waitlist").text
    assert ">Lan<" in waiting
    assert ">Mei<" in waiting
    assert "Held until 08:20" in waiting
    service.accept(session, only_offer(session).id)
    figures = desk.figures(session, clock.now())
    assert (figures.waiting, figures.offered, figures.accepted, figures.minutes) == (1, 1, 1, 30)
    assert ">Lan<" not in office.get("/hq/waitlist").text
    assert "accepted an offer" in office.get("/hq/waitlist?state=accepted").text
    assert "Nobody waits" in office.get(f"/hq/waitlist?service={shop.fitting}").text
    assert "Nobody waits" in office.get(f"/hq/waitlist?branch={shop.second_branch_id}").text


def test_a_wish_is_removed_with_a_reason(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    waiting = join(session, shop)
    office = sign_in_as("hq")
    refused = office.post(f"/hq/waitlist/{waiting.id}/removal", data={"reason": " "})
    assert refused.status_code == 422
    assert status(session, waiting) == ("waiting", "")
    assert office.post(f"/hq/waitlist/{waiting.id}/removal", data={"reason": "moved away"}).status_code == 303
    assert status(session, waiting) == ("over", "removed")
    assert office.post(f"/hq/waitlist/{ids.uuid7()}/removal", data={"reason": "x"}).status_code == 404


def test_a_manager_sees_their_own_branches_only(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    waiting = join(session, shop)
    elsewhere = sign_in_as("manager", [shop.second_branch_id])
    assert ">Lan<" not in elsewhere.get("/hq/waitlist").text
    assert elsewhere.post(f"/hq/waitlist/{waiting.id}/removal", data={"reason": "x"}).status_code == 404
    assert elsewhere.get(f"/api/v1/waitlist/{waiting.id}").status_code == 404
    assert elsewhere.get(f"/api/v1/waitlist?branch={shop.branch_id}").status_code == 404
    assert elsewhere.post("/api/v1/waitlist", json=document(shop)).status_code == 404
    assert status(session, waiting) == ("waiting", "")


def test_the_list_comes_in_pages(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    made = [join(session, shop, LAN) for _ in range(3)]
    program = sign_in_as("frontdesk", [shop.branch_id])
    first = program.get("/api/v1/waitlist?limit=2").get_json()
    assert [wish["id"] for wish in first["wishes"]] == [str(wish.id) for wish in made[:2]]
    rest = program.get("/api/v1/waitlist", query_string={"limit": 2, "after": first["after"]}).get_json()
    assert [wish["id"] for wish in rest["wishes"]] == [str(made[2].id)]
    assert rest["after"] is None


def test_a_program_puts_somebody_on_the_list_once(
    session: Session, shop: Shop, api_client: Callable[..., FlaskClient], run_jobs: Run
) -> None:
    program = api_client("booking")
    key = {"Idempotency-Key": "one"}
    answers = [program.post("/api/v1/waitlist", json=document(shop), headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    wish = answers[0].get_json()
    assert answers[1].get_json()["id"] == wish["id"]
    assert (wish["status"], wish["customer_name"]) == ("waiting", "Lan")
    free(session, shop)
    run_jobs()
    (offer,) = program.get(f"/api/v1/waitlist/{wish['id']}").get_json()["offers"]
    assert (offer["status"], offer["branch"]) == ("open", str(shop.branch_id))
    removed = program.post(f"/api/v1/waitlist/{wish['id']}/removal", json={"reason": "asked on the telephone"})
    assert removed.get_json()["ended"] == "removed"


def test_a_wrong_wish_names_its_fields(session: Session, shop: Shop, api_client: Callable[..., FlaskClient]) -> None:
    refused = api_client("booking").post(
        "/api/v1/waitlist",
        json=document(shop, last_day="2026-01-01", customer={"name": "", "phone": "1"}, service=str(ids.uuid7())),
    )
    assert refused.status_code == 422
    problem = refused.get_json()
    assert problem["code"] == "bad_wish"
    assert {"last_day", "customer.name", "customer.phone", "service"} <= set(problem["fields"])
