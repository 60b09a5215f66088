"""Customers over the API: who may look, what they see, and that another chain's customers do not exist here."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.crm import api, queries
from shopbell import ids
from shopbell.tenancy import TenantContext

PHONE = "+8613812345678"
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def linh(session: Session) -> UUID:
    return api.remember(session, "Trần Thị Linh", PHONE, "linh@example.com", "vi")


@pytest.fixture
def stranger(database: Any, other_tenant: TenantContext) -> UUID:
    """A customer of the other chain."""
    with database.transaction(other_tenant) as elsewhere:
        return api.remember(elsewhere, "Stranger", PHONE)


def calls(customer_id: UUID) -> list[tuple[str, str, Any]]:
    return [
        ("GET", "/api/v1/customers", None),
        ("GET", f"/api/v1/customers/{customer_id}", None),
        ("PATCH", f"/api/v1/customers/{customer_id}", {"notes": "changed"}),
    ]


def test_nobody_sees_or_changes_customers(client: FlaskClient, session: Session, linh: UUID) -> None:
    for method, path, body in calls(linh):
        answer = client.open(path, method=method, json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")
    assert queries.card(session, linh).notes == ""


def test_a_booking_program_sees_and_changes_no_customers(api_client: SignIn, session: Session, linh: UUID) -> None:
    program = api_client("booking")
    for method, path, body in calls(linh):
        answer = program.open(path, method=method, json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")
    assert queries.card(session, linh).notes == ""


@pytest.mark.parametrize("role", ["hq", "manager", "frontdesk"])
def test_all_staff_find_customers(sign_in_as: SignIn, linh: UUID, role: str) -> None:
    page = sign_in_as(role).get("/api/v1/customers?q=tran").get_json()
    assert page["after"] is None
    assert page["customers"] == [
        {
            "id": str(linh),
            "name": "Trần Thị Linh",
            "phone": PHONE,
            "email": "linh@example.com",
            "locale": "vi",
            "tier": 0,
        }
    ]


def test_a_page_leads_to_the_next(sign_in_as: SignIn, session: Session) -> None:
    for name in ("Anna", "Ben", "Chi"):
        api.remember(session, name, PHONE)
    staff = sign_in_as("frontdesk")
    first = staff.get("/api/v1/customers?limit=2").get_json()
    second = staff.get(f"/api/v1/customers?limit=2&after={first['after']}").get_json()
    assert [customer["name"] for customer in first["customers"] + second["customers"]] == ["Anna", "Ben", "Chi"]
    assert second["after"] is None


def test_a_card_shows_notes_and_visits(sign_in_as: SignIn, session: Session, shop: Any, now: datetime) -> None:
    made = booking.reserve(
        session,
        booking.BookingRequest(
            branch_id=shop.branch_id,
            service_id=shop.fitting,
            starts_at=now + timedelta(hours=2),
            customer=booking.CustomerInput(name="Trần Thị Linh", phone=PHONE),
        ),
    )
    assert made.customer_id is not None
    card = sign_in_as("frontdesk").get(f"/api/v1/customers/{made.customer_id}").get_json()
    assert (card["name"], card["notes"]) == ("Trần Thị Linh", "")
    assert [(visit["booking"], visit["branch"]) for visit in card["visits"]] == [(str(made.id), str(shop.branch_id))]


def test_notes_are_replaced(sign_in_as: SignIn, session: Session, linh: UUID) -> None:
    answer = sign_in_as("frontdesk").patch(f"/api/v1/customers/{linh}", json={"notes": "likes tea\r\n"})
    assert (answer.status_code, answer.get_json()["notes"]) == (200, "likes tea")
    assert queries.card(session, linh).notes == "likes tea"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"notes": "x" * 5000}, "bad_notes"),
        ({"notes": None}, "invalid"),
        ({"notes": 1}, "invalid"),
        ({}, "invalid"),
        ({"notes": "", "phone": "1"}, "invalid"),
    ],
)
def test_notes_that_cannot_be_kept_are_named(
    sign_in_as: SignIn, session: Session, linh: UUID, body: dict[str, Any], code: str
) -> None:
    answer = sign_in_as("frontdesk").patch(f"/api/v1/customers/{linh}", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert answer.get_json()["fields"]
    assert queries.card(session, linh).notes == ""


@pytest.mark.parametrize("query", ["q=12", "q=" + "x" * 101, "limit=0", "limit=101", "limit=x", "after=x"])
def test_a_search_that_means_nothing_is_named(sign_in_as: SignIn, query: str) -> None:
    answer = sign_in_as("frontdesk").get(f"/api/v1/customers?{query}")
    assert answer.status_code == 422
    assert list(answer.get_json()["fields"]) == [query.partition("=")[0]]


def test_another_chains_customers_do_not_exist(
    sign_in_as: SignIn, database: Any, other_tenant: TenantContext, stranger: UUID
) -> None:
    staff = sign_in_as("hq")
    for customer_id in (stranger, ids.uuid7()):
        for method, body in (("GET", None), ("PATCH", {"notes": "changed"})):
            answer = staff.open(f"/api/v1/customers/{customer_id}", method=method, json=body)
            assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_customer")
    assert staff.get("/api/v1/customers").get_json()["customers"] == []
    assert staff.get(f"/api/v1/customers?after={stranger}").status_code == 422
    with database.transaction(other_tenant) as elsewhere:
        assert queries.card(elsewhere, stranger).notes == ""
