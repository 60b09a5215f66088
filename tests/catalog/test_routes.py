"""The catalogue for programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.catalog import service
from blueprints.catalog.queries import TermsView
from blueprints.catalog.service import OptionInput, StepInput
from tests.support.world import Shop

PATHS = ["/api/v1/branches", "/api/v1/services"]


@pytest.mark.parametrize("path", PATHS)
def test_the_catalogue_needs_a_token(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "unauthenticated"


def test_branches_are_told_in_every_language(api_client: Callable[..., FlaskClient], shop: Shop) -> None:
    program = api_client("booking")
    answer = program.get("/api/v1/branches?lang=zh-CN")
    assert answer.status_code == 200
    first = answer.get_json()["items"][0]
    assert first["id"] == str(shop.branch_id)
    assert first["name"] == "xintiandi店"
    assert first["names"] == {"en": "Xintiandi", "zh-CN": "xintiandi店", "vi": "Xintiandi"}
    assert (first["time_zone"], first["open"]) == ("Asia/Shanghai", True)
    assert answer.get_json()["next"] is None


def test_services_are_told_with_price_and_steps(api_client: Callable[..., FlaskClient], shop: Shop) -> None:
    items = api_client("booking").get("/api/v1/services").get_json()["items"]
    found = next(item for item in items if item["id"] == str(shop.eye_test))
    assert found["price"] == {"minor": 19900, "currency": "CNY"}
    assert found["minutes"] == 30
    assert [(step["minutes"], step["needs_person"]) for step in found["steps"]] == [(10, True), (20, True)]


def test_lists_are_read_page_by_page(api_client: Callable[..., FlaskClient]) -> None:
    program = api_client("booking")
    everything = [item["id"] for item in program.get("/api/v1/services").get_json()["items"]]
    seen: list[str] = []
    after = ""
    while True:
        page = program.get(f"/api/v1/services?limit=3{after}").get_json()
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == everything


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=x"])
def test_a_page_that_cannot_be_is_named(api_client: Callable[..., FlaskClient], query: str) -> None:
    answer = api_client("booking").get(f"/api/v1/services?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["fields"].keys() == {query.split("=", maxsplit=1)[0]}


def test_going_on_after_another_chains_branch_is_refused(
    api_client: Callable[..., FlaskClient], other_shop: Shop
) -> None:
    answer = api_client("booking").get(f"/api/v1/branches?after={other_shop.branch_id}")
    assert answer.status_code == 422
    assert answer.get_json()["fields"].keys() == {"after"}


def test_a_retired_service_is_not_told(api_client: Callable[..., FlaskClient], session: Session, shop: Shop) -> None:
    service.retire_service(session, shop.eye_test)
    session.flush()
    items = api_client("booking").get("/api/v1/services").get_json()["items"]
    assert str(shop.eye_test) not in {item["id"] for item in items}


def test_a_service_is_told_as_a_process_with_its_choices(
    api_client: Callable[..., FlaskClient], session: Session, shop: Shop
) -> None:
    long = service.add_option(session, shop.eye_test, OptionInput("variant", {"en": "Long"}, 5000, {0: 15}))
    gone = service.add_option(session, shop.eye_test, OptionInput("addon", {"en": "Gone"}))
    service.retire_option(session, shop.eye_test, gone)
    steps = [
        StepInput({"en": "Apply"}, 30, shop.skill_id, "chair", level=2, was=0),
        StepInput({"en": "Develop"}, 35),
        StepInput({"en": "Rinse"}, 15, shop.skill_id, role="assistant", wait_minutes=10, option_id=long),
    ]
    service.set_steps(session, shop.eye_test, steps)
    items = api_client("booking").get("/api/v1/services?lang=en").get_json()["items"]
    found = next(item for item in items if item["id"] == str(shop.eye_test))
    assert [(step["phase"], step["role"], step["level"], step["wait_minutes"]) for step in found["steps"]] == [
        ("active", "main", 2, 0),
        ("processing", "main", 1, 0),
        ("finishing", "assistant", 1, 10),
    ]
    assert found["steps"][2]["option_id"] == str(long)
    (option,) = found["options"]
    assert (option["kind"], option["name"], option["price_minor"]) == ("variant", "Long", 5000)
    assert option["step_minutes"] == {"0": 15}


def test_a_branch_tells_its_own_prices_and_leaves_out_what_it_does_not_offer(
    api_client: Callable[..., FlaskClient], session: Session, shop: Shop, other_shop: Shop
) -> None:
    terms = {shop.eye_test: TermsView(True, 120, 25000), shop.fitting: TermsView(False, 100, None)}
    service.set_branch_terms(session, shop.branch_id, terms)
    program = api_client("booking")
    here = {item["id"]: item for item in program.get(f"/api/v1/services?branch={shop.branch_id}").get_json()["items"]}
    assert here[str(shop.eye_test)]["price"] == {"minor": 25000, "currency": "CNY"}
    assert here[str(shop.eye_test)]["minutes_percent"] == 120
    assert str(shop.fitting) not in here
    there = program.get(f"/api/v1/services?branch={shop.second_branch_id}").get_json()["items"]
    assert {item["price"]["minor"] for item in there if item["id"] == str(shop.eye_test)} == {19900}
    assert program.get(f"/api/v1/services?branch={other_shop.branch_id}").status_code == 404
