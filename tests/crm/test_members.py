"""Members: who has a tier, who may give one, and what others may ask about it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.crm import api, queries, service
from blueprints.crm.errors import BadTier, UnknownCustomer
from shopbell import ids
from shopbell.tenancy import TenantContext
from tests.support.database import RolledBackDatabase

PHONE = "+8613812345678"
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def linh(session: Session) -> UUID:
    return api.remember(session, "Trần Thị Linh", PHONE, "linh@example.com", "vi")


@pytest.fixture
def stranger(database: RolledBackDatabase, other_tenant: TenantContext) -> UUID:
    with database.transaction(other_tenant) as elsewhere:
        return api.remember(elsewhere, "Stranger", PHONE)


def test_everybody_begins_without_a_tier_and_keeps_the_one_given(session: Session, linh: UUID) -> None:
    assert api.tier(session, linh) == 0
    service.set_tier(session, linh, 2)
    api.remember(session, "Trần Thị Linh", PHONE, in_person=True)
    assert api.tier(session, linh) == 2
    assert api.contact(session, linh).tier == 2
    assert api.card(session, linh).tier == 2
    assert api.contacts(session, [linh])[linh].tier == 2


def test_nobody_unknown_has_a_tier(session: Session) -> None:
    assert api.tier(session, ids.uuid7()) == 0
    with pytest.raises(UnknownCustomer):
        service.set_tier(session, ids.uuid7(), 1)


@pytest.mark.parametrize("tier", [-1, 10])
def test_a_tier_that_does_not_exist_is_named(session: Session, linh: UUID, tier: int) -> None:
    with pytest.raises(BadTier) as refused:
        service.set_tier(session, linh, tier)
    assert list(refused.value.fields) == ["tier"]
    assert api.tier(session, linh) == 0


def test_members_are_listed_by_tier_and_name_page_by_page(session: Session) -> None:
    for name, tier in (("Chi", 1), ("Anna", 1), ("Ben", 3), ("Dora", 0)):
        service.set_tier(session, api.remember(session, name, PHONE), tier)
    first = queries.members(session, limit=2)
    second = queries.members(session, limit=2, after=first.after)
    assert [one.name for one in first.customers + second.customers] == ["Ben", "Anna", "Chi"]
    assert second.after is None
    with pytest.raises(api.BadSearch):
        queries.members(session, limit=2, after=ids.uuid7())


@pytest.mark.parametrize("role", ["hq", "manager"])
def test_head_office_and_managers_make_somebody_a_member(
    sign_in_as: SignIn, session: Session, linh: UUID, role: str
) -> None:
    browser = sign_in_as(role)
    assert "Nobody is a member" in browser.get("/hq/members").text
    assert "Trần Thị Linh" in browser.get("/hq/members?q=tran").text
    answer = browser.post(f"/hq/members/{linh}", data={"tier": "3"})
    assert answer.status_code == 303
    assert "Saved." in browser.get(answer.headers["Location"]).text
    assert "Tier 3" in browser.get("/hq/members").text
    session.expire_all()
    assert api.tier(session, linh) == 3


def test_a_tier_typed_wrongly_is_named_on_the_page(sign_in_as: SignIn, session: Session, linh: UUID) -> None:
    answer = sign_in_as("hq").post(f"/hq/members/{linh}", data={"tier": "gold"})
    assert answer.status_code == 422
    assert "A whole number from 0 to 9." in answer.text
    assert api.tier(session, linh) == 0


@pytest.mark.parametrize("query", ["q=12", "q=" + "x" * 101, "after=x", "q=an&after=x"])
def test_a_search_that_means_nothing_is_named_on_the_page(sign_in_as: SignIn, query: str) -> None:
    assert sign_in_as("hq").get(f"/hq/members?{query}").status_code == 422


def test_the_front_desk_gives_no_tiers_but_sees_them(sign_in_as: SignIn, session: Session, linh: UUID) -> None:
    service.set_tier(session, linh, 1)
    desk = sign_in_as("frontdesk")
    assert desk.get(f"/api/v1/customers/{linh}").get_json()["tier"] == 1
    answer = desk.patch(f"/api/v1/customers/{linh}", json={"tier": 2, "notes": "changed"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")
    assert desk.post(f"/hq/members/{linh}", data={"tier": "2"}).status_code == 403
    assert (api.tier(session, linh), queries.card(session, linh).notes) == (1, "")


def test_nobody_gives_tiers_without_a_sign_in(client: FlaskClient, session: Session, linh: UUID) -> None:
    assert client.post(f"/hq/members/{linh}", data={"tier": "2"}).status_code in {303, 401}
    assert api.tier(session, linh) == 0


def test_a_manager_gives_a_tier_over_the_api(sign_in_as: SignIn, session: Session, linh: UUID) -> None:
    manager = sign_in_as("manager")
    answer = manager.patch(f"/api/v1/customers/{linh}", json={"tier": 2})
    assert (answer.status_code, answer.get_json()["tier"]) == (200, 2)
    refused = manager.patch(f"/api/v1/customers/{linh}", json={"tier": 10})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "bad_tier")
    assert manager.patch(f"/api/v1/customers/{linh}", json={"tier": "2"}).status_code == 422


def test_another_chains_customers_have_no_page_here(sign_in_as: SignIn, stranger: UUID) -> None:
    browser = sign_in_as("hq")
    assert browser.get(f"/hq/members/{stranger}").status_code == 404
    assert browser.post(f"/hq/members/{stranger}", data={"tier": "2"}).status_code == 404
