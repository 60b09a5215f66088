"""Taking over by PIN: only at a registered device, only for its branch, and nobody shuts anybody else out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules, service
from blueprints.access.models import DeskDevice, RoleAssignment, StaffPin, User, UserSession
from blueprints.access.service import Origin, desk, sessions
from blueprints.catalog.models import Branch, Region
from shopbell import clock, crypto, ids
from shopbell.tenancy import TenantContext
from tests.access.conftest import PASSWORD
from tests.access.test_places import assign
from tests.conftest import Clients
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
PIN = "274918"


def somebody(session: Session, name: str, role: str, *branch_ids: UUID, pin: str = PIN) -> UUID:
    user_id = service.create_user(session, f"{name}@example.com", PASSWORD, name.title(), role, branch_ids)
    desk.set_pin(session, user_id, pin, at=clock.now())
    return user_id


@pytest.fixture
def mai(session: Session, shop: Shop, now: datetime) -> UUID:
    return somebody(session, "mai", "frontdesk", shop.branch_id)


@pytest.fixture
def lin(session: Session, shop: Shop, now: datetime) -> UUID:
    return somebody(session, "lin", "manager", shop.branch_id, pin="604137")


@pytest.fixture
def tablet(client_of: Clients, tenant: TenantContext, session: Session, shop: Shop, now: datetime) -> FlaskClient:
    """A browser that is registered at the first branch."""
    browser = client_of(tenant)
    token = desk.register(session, shop.branch_id, "Till", by=None, origin=Origin("10.0.0.9"), at=now)
    browser.set_cookie("device", token, domain=tenant.host)
    return browser


def enter(browser: FlaskClient, user_id: UUID, pin: str = PIN) -> Any:
    return browser.post(f"/switch/{user_id}?lang=en", data={"pin": pin})


def opened(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(UserSession)) or 0


@pytest.mark.proves("T4")
def test_the_staff_of_a_branch_take_over_from_each_other(
    tablet: FlaskClient, session: Session, mai: UUID, lin: UUID
) -> None:
    page = tablet.get("/switch?lang=en")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert ("Mai" in page.text, "Lin" in page.text) == (True, True)
    answer = enter(tablet, mai)
    assert (answer.status_code, answer.location) == (303, "/b/xintiandi/")
    assert tablet.get("/b/xintiandi/config.json").get_json()["user"]["name"] == "Mai"
    assert enter(tablet, lin, "604137").status_code == 303
    assert tablet.get("/b/xintiandi/config.json").get_json()["user"]["name"] == "Lin"
    assert opened(session) == 1
    assert "/switch" in {link["href"] for link in tablet.get("/b/xintiandi/config.json").get_json()["links"]}
    assert tablet.post("/sign-out").location == "/switch"


def test_a_pin_works_at_registered_devices_only(client: FlaskClient, session: Session, mai: UUID) -> None:
    assert client.get("/switch").status_code == 404
    assert client.get(f"/switch/{mai}").status_code == 404
    assert enter(client, mai).status_code == 404
    client.set_cookie("device", crypto.new_token(), domain="lumi-test.localhost")
    assert enter(client, mai).status_code == 404
    assert opened(session) == 0


def test_a_device_of_one_chain_is_none_in_another(
    tablet: FlaskClient, other_client: FlaskClient, tenant: TenantContext, other_tenant: TenantContext, mai: UUID
) -> None:
    cookie = tablet.get_cookie("device", domain=tenant.host)
    assert cookie is not None
    other_client.set_cookie("device", cookie.value, domain=other_tenant.host)
    assert other_client.get("/switch").status_code == 404
    assert enter(other_client, mai).status_code == 404


@pytest.mark.parametrize("pin", ["", "274919", "27491", "2749180", "abcdef", "\x00"])
def test_a_wrong_pin_opens_nothing(tablet: FlaskClient, session: Session, mai: UUID, pin: str) -> None:
    page = enter(tablet, mai, pin)
    assert page.status_code == 422
    assert "not right" in page.text
    assert opened(session) == 0


def test_staff_of_another_branch_and_closed_accounts_are_not_at_this_desk(
    tablet: FlaskClient, session: Session, shop: Shop, mai: UUID
) -> None:
    away = somebody(session, "away", "frontdesk", shop.second_branch_id)
    service.set_active(session, mai, False)
    page = tablet.get("/switch").text
    assert "Away" not in page
    assert "Mai" not in page
    assert [enter(tablet, one).status_code for one in (away, mai)] == [404, 404]


@pytest.mark.proves("T4")
def test_a_pin_gives_the_rights_of_that_branch_and_no_others(tablet: FlaskClient, session: Session, shop: Shop) -> None:
    boss = somebody(session, "boss", "hq")
    assert enter(tablet, boss).status_code == 303
    assert tablet.get("/b/xintiandi/").status_code == 200
    assert tablet.get("/b/jingan/").status_code == 404
    for address in ("/hq/users", "/hq/roles", "/hq/brand", "/hq/services", "/account"):
        assert tablet.get(address).status_code == 403, address
    assert tablet.get(f"/api/v1/branches/{shop.second_branch_id}/board?day=2026-03-02").status_code == 404
    assert tablet.post("/account/password", data={"current": PASSWORD}).status_code == 403
    assert tablet.post("/account/pin", data={"pin": "918273"}).status_code == 403


def test_somebody_who_leads_elsewhere_only_works_here(tablet: FlaskClient, session: Session, shop: Shop) -> None:
    person = somebody(session, "both", "manager", shop.second_branch_id)
    assign(session, "both@example.com", ("manager", shop.second_branch_id), ("frontdesk", shop.branch_id))
    assert enter(tablet, person).status_code == 303
    assert "booking.override" not in tablet.get("/b/xintiandi/config.json").get_json()["user"]["may"]
    assert tablet.get("/b/jingan/").status_code == 404


@pytest.mark.proves("T4")
def test_wrong_pins_slow_down_one_person_at_one_device_and_nobody_else(
    tablet: FlaskClient,
    session: Session,
    shop: Shop,
    client_of: Clients,
    tenant: TenantContext,
    mai: UUID,
    lin: UUID,
    now: datetime,
) -> None:
    statuses = [enter(tablet, mai, "000001").status_code for _ in range(rules.TRIES_PER_PIN + 1)]
    assert statuses == [422] * rules.TRIES_PER_PIN + [429]
    page = enter(tablet, mai)
    assert page.status_code == 429
    assert "Try again in 15 minutes." in page.text
    assert enter(tablet, lin, "604137").status_code == 303
    second = client_of(tenant)
    token = desk.register(session, shop.branch_id, "Door", by=None, origin=Origin("10.0.0.9"), at=now)
    second.set_cookie("device", token, domain=tenant.host)
    assert enter(second, mai).status_code == 303
    form = {"email": "mai@example.com", "password": PASSWORD}
    assert client_of(tenant).post("/sign-in", data=form).status_code == 303


def test_a_session_by_pin_ends_after_a_quarter_of_an_hour_of_a_board_left_alone(
    session: Session, shop: Shop, mai: UUID, now: datetime
) -> None:
    token = desk.register(session, shop.branch_id, "Till", by=None, origin=Origin(), at=now)
    tablet = desk.recognise(session, token, address="", at=now)
    assert tablet is not None
    seat = sessions.Desk(tablet.id, shop.branch_id)
    opened = sessions.start(session, queries.account(session, mai), at=now, desk=seat)
    for minutes in (5, 10, 14):
        assert service.resume(session, opened, at=now + timedelta(minutes=minutes), used=False)
    assert service.resume(session, opened, at=now + timedelta(minutes=15), used=False) is None
    assert service.resume(session, opened, at=now + timedelta(minutes=14), used=True)
    assert service.resume(session, opened, at=now + timedelta(minutes=28), used=True)
    assert service.resume(session, opened, at=now + rules.DESK_ABSOLUTE) is None


def test_a_board_that_only_fetches_keeps_nobody_signed_in(
    tablet: FlaskClient, session: Session, shop: Shop, mai: UUID, now: datetime
) -> None:
    enter(tablet, mai)
    address = f"/api/v1/branches/{shop.branch_id}"
    with clock.frozen(now + timedelta(minutes=10)):
        assert tablet.get(f"{address}/board?day=2026-03-02").status_code == 200
        assert (
            tablet.post(f"{address}/sync", data='{"device":"x","ops":[]}', content_type="application/json").status_code
            == 200
        )
    assert session.scalars(select(UserSession.last_seen_at)).one() == now
    with clock.frozen(now + timedelta(minutes=16)):
        assert tablet.get(f"{address}/board?day=2026-03-02").status_code == 401


@pytest.mark.proves("T4")
def test_a_device_is_registered_by_a_manager_at_the_device_and_taken_back(
    session: Session, shop: Shop, sign_in_as: SignIn, mai: UUID, tenant: TenantContext
) -> None:
    browser = sign_in_as("manager", [shop.branch_id])
    form = {"name": "Tablet at the till", "branch": str(shop.branch_id)}
    assert browser.post("/hq/devices", data=form).status_code == 303
    cookie = browser.get_cookie("device", domain=tenant.host)
    assert cookie is not None
    assert session.scalars(select(DeskDevice.token_hash)).one() == crypto.hash_token(cookie.value)
    assert "Tablet at the till" in browser.get("/hq/devices").text
    browser.post("/sign-out")
    assert enter(browser, mai).status_code == 303
    desk.revoke(session, session.scalars(select(DeskDevice.id)).one(), at=clock.now())
    assert browser.get("/b/xintiandi/").status_code == 303
    assert browser.get("/switch").status_code == 404


def test_a_manager_registers_and_removes_devices_of_their_own_branches_only(
    session: Session, shop: Shop, sign_in_as: SignIn, now: datetime
) -> None:
    browser = sign_in_as("manager", [shop.second_branch_id])
    desk.register(session, shop.branch_id, "Till", by=None, origin=Origin(), at=now)
    device = session.scalars(select(DeskDevice)).one()
    assert browser.post("/hq/devices", data={"name": "X", "branch": str(shop.branch_id)}).status_code == 404
    assert browser.post(f"/hq/devices/{device.id}/removal").status_code == 404
    assert "Till" not in browser.get("/hq/devices").text
    assert sign_in_as("frontdesk", [shop.branch_id]).get("/hq/devices").status_code == 403
    session.refresh(device)
    assert device.revoked_at is None
    assert session.scalar(select(func.count()).select_from(DeskDevice)) == 1


def test_a_device_needs_a_name(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    page = sign_in_as("hq").post("/hq/devices?lang=en", data={"name": " ", "branch": str(shop.branch_id)})
    assert page.status_code == 422
    assert "Enter a name" in page.text
    assert session.scalar(select(func.count()).select_from(DeskDevice)) == 0


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "1234567", "abcdef", "123456", "654321", "890123", "111111", "121212", "123123", "１２３４５７"],
)
def test_a_pin_that_is_guessed_first_is_refused(session: Session, an: UUID, pin: str) -> None:
    with pytest.raises(errors.BadPin) as refused:
        desk.set_pin(session, an, pin, at=clock.now())
    assert set(refused.value.fields) == {"pin"}
    assert not desk.has_pin(session, an)


def test_a_pin_is_set_with_the_password_and_kept_as_a_hash(session: Session, sign_in_as: SignIn, shop: Shop) -> None:
    browser = sign_in_as("frontdesk", [shop.branch_id])
    wrong = browser.post("/account/pin?lang=en", data={"pin_password": "wrong", "pin": PIN})
    assert wrong.status_code == 422
    assert session.scalar(select(func.count()).select_from(StaffPin)) == 0
    right = {"pin_password": "correct-horse-battery-staple", "pin": PIN}
    assert browser.post("/account/pin", data={**right, "pin": "111111"}).status_code == 422
    assert browser.post("/account/pin", data=right).status_code == 303
    assert PIN not in session.scalars(select(StaffPin.pin_hash)).one()
    assert browser.post("/account/pin/removal").status_code == 303
    assert session.scalar(select(func.count()).select_from(StaffPin)) == 0


def test_a_removed_pin_ends_what_it_opened(tablet: FlaskClient, session: Session, mai: UUID) -> None:
    enter(tablet, mai)
    desk.remove_pin(session, mai)
    assert tablet.get("/b/xintiandi/").status_code == 303
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_whoever_works_in_the_region_of_the_branch_is_at_its_desk(
    tablet: FlaskClient, session: Session, shop: Shop
) -> None:
    person = somebody(session, "roving", "frontdesk", shop.second_branch_id)
    region = Region(id=ids.uuid7(), name={"en": "East"})
    session.add(region)
    session.flush()
    session.query(RoleAssignment).update({"branch_id": None, "region_id": region.id})
    assert enter(tablet, person).status_code == 404
    session.query(Branch).filter_by(id=shop.branch_id).update({"region_id": region.id})
    assert enter(tablet, person).status_code == 303
