"""What is owed, on the pages of head office and managers, and for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from blueprints.booking import service
from blueprints.booking.models import BookingPolicy, Charge
from blueprints.booking.queries.charges import Filter, charges_after, list_charges, total_due
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PolicyInput
from blueprints.booking.values import BookingRequest, CustomerInput
from shopbell.tenancy import TenantContext
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop

NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
SignIn = Callable[..., FlaskClient]


def owe(session: Session, shop: Shop, number: int = 1) -> list[UUID]:
    """Ids of so many deposits of 59.70 yuan, oldest first."""
    rulebook.add_policy(session, PolicyInput(None, None, {"deposit_percent": 30}))
    for place in range(number):
        at = NINE + timedelta(days=place // 20, minutes=15 * (place % 20))
        customer = CustomerInput("李明", "13812345678")
        service.reserve(session, BookingRequest(shop.branch_id, shop.fitting, at, customer))
    return list(session.scalars(select(Charge.id).order_by(Charge.id)))


@pytest.fixture
def deposit(session: Session, shop: Shop) -> UUID:
    return owe(session, shop)[0]


@pytest.fixture
def foreign(database: RolledBackDatabase, other_tenant: TenantContext, other_shop: Shop) -> UUID:
    with database.transaction(other_tenant) as elsewhere:
        return owe(elsewhere, other_shop)[0]


def state(session: Session, charge_id: UUID) -> str:
    session.expire_all()
    return session.get_one(Charge, charge_id).state


def test_what_is_due_is_listed_and_settled(sign_in_as: SignIn, session: Session, deposit: UUID):
    browser = sign_in_as("hq")
    page = browser.get("/hq/charges").text
    assert "李明" in page
    assert page.count("CN¥59.70") == 2
    assert browser.get(f"/hq/charges/{deposit}").status_code == 200
    answer = browser.post(f"/hq/charges/{deposit}", data={"state": "paid"})
    assert answer.status_code == 303
    assert state(session, deposit) == "paid"
    assert "Nothing here." in browser.get("/hq/charges").text
    assert "李明" in browser.get("/hq/charges?state=all").text
    assert "李明" in browser.get("/hq/charges?state=paid&kind=deposit").text
    assert "李明" not in browser.get("/hq/charges?state=paid&kind=no_show").text


def test_a_manager_waives_with_a_reason_only(sign_in_as: SignIn, session: Session, shop: Shop, deposit: UUID):
    browser = sign_in_as("manager", [shop.branch_id])
    refused = browser.post(f"/hq/charges/{deposit}", data={"state": "waived", "reason": " "})
    assert refused.status_code == 422
    assert 'id="f-reason-err"' in refused.text
    assert state(session, deposit) == "due"
    assert browser.post(f"/hq/charges/{deposit}", data={"state": "waived", "reason": "Moved in"}).status_code == 303
    assert state(session, deposit) == "waived"
    assert "Moved in" in browser.get("/hq/charges?state=waived").text


@pytest.mark.parametrize("wrong", ["refunded", "dropped", "x", ""])
def test_a_step_that_does_not_follow_is_named(sign_in_as: SignIn, session: Session, deposit: UUID, wrong: str):
    answer = sign_in_as("hq").post(f"/hq/charges/{deposit}", data={"state": wrong, "reason": "kept words"})
    assert answer.status_code == 422
    assert 'value="kept words"' in answer.text
    assert state(session, deposit) == "due"


def test_a_manager_of_another_branch_sees_and_settles_nothing(
    sign_in_as: SignIn, session: Session, shop: Shop, deposit: UUID
):
    browser = sign_in_as("manager", [shop.second_branch_id])
    assert "Nothing here." in browser.get("/hq/charges").text
    assert "Nothing here." in browser.get(f"/hq/charges?branch={shop.branch_id}").text
    assert browser.get(f"/hq/charges/{deposit}").status_code == 404
    assert browser.post(f"/hq/charges/{deposit}", data={"state": "paid"}).status_code == 404
    assert browser.get("/api/v1/charges").get_json()["charges"] == []
    assert browser.get(f"/api/v1/charges?branch={shop.branch_id}").status_code == 404
    assert state(session, deposit) == "due"


def test_the_front_desk_and_strangers_settle_nothing(
    sign_in_as: SignIn, client: FlaskClient, session: Session, deposit: UUID
):
    assert client.post(f"/hq/charges/{deposit}", data={"state": "paid"}).status_code in {303, 401}
    desk = sign_in_as("frontdesk")
    for address in ("/hq/charges", f"/hq/charges/{deposit}"):
        assert desk.get(address).status_code == 403
    assert desk.post(f"/hq/charges/{deposit}", data={"state": "paid"}).status_code == 403
    assert state(session, deposit) == "due"


def test_charges_of_another_chain_do_not_exist_here(sign_in_as: SignIn, foreign: UUID, other_shop: Shop):
    browser = sign_in_as("hq")
    assert browser.get(f"/hq/charges/{foreign}").status_code == 404
    assert browser.post(f"/hq/charges/{foreign}", data={"state": "paid"}).status_code == 404
    assert "Nothing here." in browser.get(f"/hq/charges?branch={other_shop.branch_id}").text


def test_programs_read_charges_page_by_page(api_client: SignIn, session: Session, shop: Shop):
    known = owe(session, shop, 5)
    program = api_client("booking")
    first = program.get("/api/v1/charges?limit=3&state=due").get_json()
    second = program.get(f"/api/v1/charges?limit=3&after={first['after']}").get_json()
    assert [one["id"] for one in first["charges"] + second["charges"]] == [str(one) for one in known]
    assert second["after"] is None
    one = first["charges"][0]
    assert (one["kind"], one["amount_minor"], one["currency"], one["state"]) == ("deposit", 5970, "CNY", "due")
    assert (one["branch"], one["decided_at"]) == (str(shop.branch_id), None)
    assert program.get("/api/v1/charges?kind=no_show").get_json()["charges"] == []
    assert program.get("/api/v1/charges?state=lost").status_code == 422


def test_nobody_reads_charges_or_terms_without_a_token(client: FlaskClient, shop: Shop):
    assert client.get("/api/v1/charges").status_code == 401
    assert client.get(f"/api/v1/terms?branch={shop.branch_id}").status_code == 401


@pytest.mark.proves("B3")
def test_the_terms_of_a_place_are_told_in_numbers_and_in_words(
    api_client: SignIn, session: Session, shop: Shop, other_shop: Shop
):
    rulebook.add_policy(session, PolicyInput(shop.branch_id, shop.fitting, {"cancel_minutes": 1440, "max_moves": 1}))
    program = api_client("booking")
    address = f"/api/v1/terms?branch={shop.branch_id}&service={shop.fitting}"
    answer = program.get(address, headers={"Accept-Language": "en"}).get_json()
    assert (answer["terms"]["cancel_minutes"], answer["terms"]["max_moves"]) == (1440, 1)
    assert "You can cancel free of charge until 24 hours before. After that, please call us." in answer["text"]
    usual = program.get(f"/api/v1/terms?branch={shop.branch_id}").get_json()
    assert (usual["terms"]["cancel_minutes"], usual["terms"]["max_moves"]) == (120, None)
    assert program.get(f"/api/v1/terms?branch={other_shop.branch_id}").status_code == 404
    assert program.get(f"/api/v1/terms?branch={shop.branch_id}&service={other_shop.fitting}").status_code == 404
    assert program.get("/api/v1/terms").status_code == 422


def test_the_list_takes_as_many_queries_for_many_as_for_few(session: Session, shop: Shop):
    seen: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda _c, _k, sql, *_rest: seen.append(sql))

    def queries(expected: int) -> int:
        seen.clear()
        assert len(list_charges(session, Filter((shop.branch_id,)), limit=50, offset=0)) == expected
        assert len(charges_after(session, Filter(states=("due",)), None, 50)) == expected
        assert total_due(session, Filter(kinds=("deposit",))) == {"CNY": 5970 * expected}
        return len(seen)

    owe(session, shop, 2)
    few = queries(2)
    session.execute(delete(BookingPolicy))
    owe(session, shop, 8)
    assert queries(10) == few == 3
