"""Guesses of others keep nobody out: neither a person, nor a whole branch behind one address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import rules, service
from blueprints.access.models import KnownBrowser, SignInAttempt
from blueprints.access.service import Browser, Origin, browsers, desk, passwords
from shopbell import crypto, ids, throttle
from shopbell.tenancy import TenantContext
from tests.access.conftest import EMAIL, PASSWORD
from tests.conftest import Clients
from tests.support.world import Shop

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BRANCH = "203.0.113.7"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 takes its time, on purpose; where only counting is looked at, a comparison will do."""
    monkeypatch.setattr(passwords, "matches", lambda stored_hash, password: bool(stored_hash) and password == PASSWORD)


def attempt(session: Session, email: str, password: str, browser: Browser, at: datetime = NOON) -> str:
    return type(service.sign_in(session, email, password, browser=browser, factor=1, at=at)).__name__


def guess(session: Session, times: int, browser: Browser, email: str = EMAIL) -> list[str]:
    return [
        attempt(session, email or f"{number}@example.com", "wrong", browser, NOON + timedelta(seconds=number))
        for number in range(times)
    ]


def stranger(address: str = "198.51.100.1") -> Browser:
    return Browser(Origin(address))


def known(session: Session, user_id: UUID, address: str = BRANCH) -> Browser:
    """A browser at the branch in which somebody has signed in before."""
    token = browsers.remember(session, None, user_id, address, at=NOON - timedelta(days=1))
    return Browser(Origin(address), known=token)


@pytest.mark.proves("T4")
def test_a_stranger_who_guesses_keeps_the_owner_out_of_no_browser_they_know(session: Session, an: UUID) -> None:
    own = known(session, an)
    assert guess(session, throttle.TRIES_PER_ACCOUNT + 1, stranger())[-1] == "Wait"
    moment = NOON + timedelta(minutes=1)
    assert attempt(session, EMAIL, PASSWORD, stranger("198.51.100.2"), moment) == "Wait"
    assert attempt(session, EMAIL, PASSWORD, own, moment) == "SignedIn"


@pytest.mark.proves("T4")
def test_guesses_from_a_branchs_address_keep_nobody_of_the_branch_out(session: Session, shop: Shop, an: UUID) -> None:
    own = known(session, an)
    outcomes = guess(session, throttle.TRIES_PER_ADDRESS + 5, stranger(BRANCH), email="")
    assert set(outcomes) == {"Refused"}
    late = NOON + timedelta(minutes=2)
    assert attempt(session, EMAIL, PASSWORD, own, late) == "SignedIn"
    service.create_user(session, "new@example.com", PASSWORD, "New", "frontdesk", [shop.branch_id])
    assert attempt(session, "new@example.com", PASSWORD, stranger(BRANCH), late) == "SignedIn"


def test_an_address_nobody_knows_is_slowed_down_sooner(session: Session, an: UUID) -> None:
    assert guess(session, throttle.TRIES_PER_ADDRESS + 1, stranger(), email="")[-1] == "Wait"


def test_even_an_address_that_is_known_has_its_limit(
    session: Session, an: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TRIES_PER_KNOWN_ADDRESS", 45)
    own = known(session, an)
    assert guess(session, 46, stranger(BRANCH), email="")[-1] == "Wait"
    assert attempt(session, EMAIL, PASSWORD, own, NOON + timedelta(minutes=2)) == "SignedIn"


def test_a_known_browser_that_guesses_is_slowed_down_by_itself(session: Session, an: UUID) -> None:
    own = known(session, an)
    assert guess(session, throttle.TRIES_PER_ACCOUNT + 1, own)[-1] == "Wait"
    assert attempt(session, EMAIL, PASSWORD, stranger(), NOON + timedelta(minutes=1)) == "SignedIn"
    assert session.scalar(select(func.count()).select_from(SignInAttempt).where(SignInAttempt.address != "")) == 0


def test_a_browser_is_known_for_those_who_signed_in_there_only(session: Session, shop: Shop, an: UUID) -> None:
    service.create_user(session, "other@example.com", PASSWORD, "Other", "frontdesk", [shop.branch_id])
    own = known(session, an)
    assert guess(session, throttle.TRIES_PER_ACCOUNT + 1, stranger(), email="other@example.com")[-1] == "Wait"
    assert attempt(session, "other@example.com", PASSWORD, own, NOON + timedelta(minutes=1)) == "Wait"


def test_a_browser_is_forgotten_after_half_a_year(session: Session, an: UUID) -> None:
    token = browsers.remember(session, None, an, BRANCH, at=NOON)
    assert browsers.is_known(session, token, an, at=NOON + rules.BROWSER_KNOWN - timedelta(seconds=1))
    assert not browsers.is_known(session, token, an, at=NOON + rules.BROWSER_KNOWN)
    assert not browsers.is_known(session, crypto.new_token(), an, at=NOON)
    assert not browsers.is_known(session, token, ids.uuid7(), at=NOON)


def test_at_a_shared_device_each_account_counts_by_itself(session: Session, shop: Shop, an: UUID) -> None:
    service.create_user(session, "other@example.com", PASSWORD, "Other", "frontdesk", [shop.branch_id])
    token = desk.register(session, shop.branch_id, "Till", by=None, origin=Origin(BRANCH), at=NOON)
    device = desk.recognise(session, token, address=BRANCH, at=NOON)
    assert device is not None
    tablet = Browser(Origin(BRANCH), device_id=device.id)
    assert guess(session, throttle.TRIES_PER_ACCOUNT + 1, tablet)[-1] == "Wait"
    later = NOON + timedelta(minutes=1)
    assert attempt(session, "other@example.com", PASSWORD, tablet, later) == "SignedIn"
    assert attempt(session, EMAIL, PASSWORD, stranger(), later) == "SignedIn"


def test_signing_in_makes_the_browser_known_by_a_cookie_out_of_reach(
    client: FlaskClient, session: Session, an: UUID, tenant: TenantContext
) -> None:
    answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    crumbs = next(header for header in answer.headers.getlist("Set-Cookie") if header.startswith("browser="))
    assert "HttpOnly" in crumbs
    assert "SameSite=Lax" in crumbs
    cookie = client.get_cookie("browser", domain=tenant.host)
    assert cookie is not None
    assert session.scalars(select(KnownBrowser.token_hash)).all() == [crypto.hash_token(cookie.value)]
    client.post("/sign-out")
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert session.scalar(select(func.count()).select_from(KnownBrowser)) == 1


def test_a_browser_known_in_one_chain_is_a_stranger_in_another(
    client: FlaskClient,
    client_of: Clients,
    session: Session,
    an: UUID,
    tenant: TenantContext,
    other_tenant: TenantContext,
) -> None:
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    cookie = client.get_cookie("browser", domain=tenant.host)
    assert cookie is not None
    other = client_of(other_tenant)
    other.set_cookie("browser", cookie.value, domain=other_tenant.host)
    statuses = [
        other.post("/sign-in", data={"email": EMAIL, "password": "wrong"}).status_code
        for _ in range(throttle.TRIES_PER_ACCOUNT + 1)
    ]
    assert statuses[-1] == 429
