"""People keep their own account: password, language, and where they are signed in."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import queries
from blueprints.access.models import SignInAttempt, User, UserSession
from shopbell import throttle
from shopbell.tenancy import TenantContext
from tests.access.conftest import EMAIL, PASSWORD
from tests.conftest import Clients

NEW = "seven grey umbrellas"
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Version/16.0 Mobile Safari/604.1"


def sign_in(browser: FlaskClient, password: str = PASSWORD, agent: str = "x") -> int:
    form = {"email": EMAIL, "password": password}
    return browser.post("/sign-in", data=form, headers={"User-Agent": agent}).status_code


@pytest.fixture
def browsers(an: UUID, client_of: Clients, tenant: TenantContext) -> list[FlaskClient]:
    """Three browsers in which one person is signed in."""
    found = [client_of(tenant) for _ in range(3)]
    assert [sign_in(browser, agent=IPAD) for browser in found] == [303] * 3
    return found


def change(browser: FlaskClient, **changed: str) -> int:
    form = {"current": PASSWORD, "password": NEW, "again": NEW, **changed}
    return browser.post("/account/password?lang=en", data=form).status_code


def test_a_new_password_ends_all_other_sessions_and_renews_this_one(
    session: Session, browsers: list[FlaskClient], tenant: TenantContext
) -> None:
    before = browsers[0].get_cookie("session", domain=tenant.host)
    assert change(browsers[0]) == 303
    after = browsers[0].get_cookie("session", domain=tenant.host)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert [browser.get("/account").status_code for browser in browsers] == [200, 303, 303]
    assert session.scalar(select(func.count()).select_from(UserSession)) == 1
    assert [sign_in(browsers[1]), sign_in(browsers[1], NEW)] == [422, 303]


@pytest.mark.parametrize(
    "wrong",
    [{"current": "wrong"}, {"password": "short", "again": "short"}, {"again": "other"}, {"password": "", "again": ""}],
)
def test_a_wrong_change_changes_nothing(session: Session, browsers: list[FlaskClient], wrong: dict[str, str]) -> None:
    before = session.scalars(select(User.password_hash)).one()
    assert change(browsers[0], **wrong) == 422
    session.expire_all()
    assert session.scalars(select(User.password_hash)).one() == before
    assert session.scalar(select(func.count()).select_from(UserSession)) == 3


def test_the_present_password_cannot_be_guessed_by_whoever_found_the_browser(
    session: Session, browsers: list[FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TRIES_PER_ACCOUNT", 2)
    assert [change(browsers[0], current="wrong") for _ in range(3)] == [422, 422, 429]
    assert change(browsers[0]) == 429
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 2
    assert browsers[0].get("/account").status_code == 200


def test_sessions_are_listed_with_browser_and_address_and_end_one_by_one(
    session: Session, an: UUID, browsers: list[FlaskClient]
) -> None:
    page = browsers[0].get("/account?lang=en").text
    assert page.count("Safari · iPad") >= 3
    assert page.count("<td>127.0.0.1</td>") == 3
    assert page.count("This browser") == 1
    ids = [found.id for found in queries.sessions(session, an)]
    theirs = [one for one in ids if f"/account/sessions/{one}/end" in page]
    assert len(theirs) == 2
    assert browsers[0].post(f"/account/sessions/{theirs[0]}/end").status_code == 303
    assert browsers[0].post(f"/account/sessions/{theirs[0]}/end").status_code == 404
    assert sorted(browser.get("/account").status_code for browser in browsers) == [200, 200, 303]
    assert browsers[0].post("/account/sessions/end").status_code == 303
    assert sorted(browser.get("/account").status_code for browser in browsers) == [200, 303, 303]


def test_somebody_elses_session_is_not_mine_to_end(
    session: Session, an: UUID, browsers: list[FlaskClient], sign_in_as
) -> None:
    stranger = sign_in_as("hq")
    for found in queries.sessions(session, an):
        assert stranger.post(f"/account/sessions/{found.id}/end").status_code == 404
    assert len(queries.sessions(session, an)) == 3


def test_the_language_is_kept_with_the_account(session: Session, browsers: list[FlaskClient]) -> None:
    assert browsers[0].post("/account/language", data={"locale": "vi"}).status_code == 303
    assert session.scalars(select(User.locale)).one() == "vi"
    assert '<html lang="vi">' in browsers[0].get("/account").text
    assert browsers[0].post("/account/language", data={"locale": "fr"}).status_code == 422


def test_nobody_has_no_account(client: FlaskClient) -> None:
    assert client.get("/account").status_code == 303
    assert client.post("/account/password", data={}).status_code == 303
