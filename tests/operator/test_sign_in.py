"""Operators sign in with a password and a code, at their own host, and nobody else does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from blueprints.operator import rules
from blueprints.operator.errors import BadOperator, OperatorExists
from blueprints.operator.models import Operator, OperatorRecord, OperatorSession
from blueprints.operator.service import accounts
from shopbell import clock
from tests.conftest import MORNING
from tests.operator.conftest import ROOT, code_of

EMAIL = "ada@example.com"


@pytest.fixture
def password(directory) -> str:
    made = accounts.create(directory, EMAIL, "Ada", "operator", by=ROOT)
    directory.commit()
    return made


def enter(visitor, password, code=None):
    visitor.post("/sign-in", data={"email": EMAIL, "password": password})
    return visitor.post("/sign-in/code", data={"code": code}) if code else None


def done(directory) -> list[str]:
    return list(directory.scalars(select(OperatorRecord.what).order_by(OperatorRecord.id)))


def test_a_password_alone_opens_nothing(visitor, password):
    answer = visitor.post("/sign-in", data={"email": EMAIL, "password": password})
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert visitor.get("/").location == "/sign-in?next=/"
    # Nor does the token of the step in the place of the session's.
    step = visitor.get_cookie("operator-step", domain="admin.localhost")
    visitor.set_cookie("operator", step.value, domain="admin.localhost")
    assert visitor.get("/").status_code == 303


def test_the_phone_is_set_up_at_the_first_sign_in_and_its_codes_work_once(visitor, password, directory):
    enter(visitor, password)
    assert "<svg" in visitor.get("/sign-in/code").text
    code = code_of(directory, EMAIL)
    answer = visitor.post("/sign-in/code?next=/health", data={"code": code})
    assert len(re.findall(r"<li><code>(\w{5}-\w{5})</code>", answer.text)) == 8
    assert 'href="/health"' in answer.text
    assert visitor.get("/").status_code == 200
    assert done(directory) == ["operator.created", "codes_on", "recovery_codes", "signed_in"]

    visitor.post("/sign-out")
    assert visitor.get("/").status_code == 303
    enter(visitor, password)
    assert "<svg" not in visitor.get("/sign-in/code").text
    assert visitor.post("/sign-in/code", data={"code": code}).status_code == 422
    assert visitor.post("/sign-in/code", data={"code": code_of(directory, EMAIL, later=1)}).status_code == 303


def test_cookies_are_kept_from_scripts_and_other_sites(visitor, password, directory):
    visitor.post("/sign-in", data={"email": EMAIL, "password": password})
    answer = visitor.post("/sign-in/code", data={"code": code_of(directory, EMAIL)})
    given = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("operator=")]
    assert len(given) == 1
    assert "HttpOnly" in given[0]
    assert "SameSite=Lax" in given[0]
    assert "Domain" not in given[0]


@pytest.mark.parametrize("what", ["closed", "idle", "old", "reset"])
def test_a_session_ends(visitor, password, directory, what):
    enter(visitor, password, code_of(directory, EMAIL))
    assert visitor.get("/").status_code == 200
    later = MORNING
    if what == "closed":
        accounts.set_active(directory, EMAIL, active=False, by=ROOT)
    elif what == "reset":
        accounts.reset(directory, EMAIL, by=ROOT)
    elif what == "idle":
        later += rules.IDLE
    else:
        later += rules.ABSOLUTE
        directory.execute(update(OperatorSession).values(last_seen_at=later))
    directory.commit()
    with clock.frozen(later):
        assert visitor.get("/").status_code == 303


def test_guesses_are_counted_and_the_operators_own_browser_is_not_kept_out_by_them(visitor, password, directory, app):
    enter(visitor, password, code_of(directory, EMAIL))
    visitor.post("/sign-out")
    stranger = app.test_client()
    wrong = {"email": EMAIL, "password": "wrong wrong"}
    statuses = [stranger.post("/sign-in", data=wrong, base_url=visitor.address).status_code for _ in range(9)]
    assert statuses == [422] * 8 + [429]
    answer = stranger.post("/sign-in", data={"email": EMAIL, "password": password}, base_url=visitor.address)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert visitor.post("/sign-in", data={"email": EMAIL, "password": password}).status_code == 303
    with clock.frozen(MORNING + timedelta(minutes=16)):
        assert stranger.post("/sign-in", data=wrong, base_url=visitor.address).status_code == 422


def test_wrong_codes_are_counted(visitor, password, directory):
    enter(visitor, password)
    statuses = [visitor.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(9)]
    assert statuses == [422] * 8 + [429]
    assert visitor.post("/sign-in/code", data={"code": code_of(directory, EMAIL)}).status_code == 429


@pytest.mark.parametrize(
    "typed", [{}, {"email": "nobody"}, {"email": EMAIL}, {"email": "x@example.com", "password": "a\x00b"}]
)
def test_what_cannot_be_right_is_answered_with_a_sentence(visitor, typed):
    answer = visitor.post("/sign-in", data=typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_code_without_a_password_before_it_leads_back(visitor):
    assert visitor.get("/sign-in/code").location == "/sign-in"
    assert visitor.post("/sign-in/code", data={"code": "123456"}).location == "/sign-in"


def test_somebody_from_elsewhere_cannot_be_sent_on_to_another_site(visitor, password, directory):
    enter(visitor, password, code_of(directory, EMAIL))
    visitor.post("/sign-out")
    enter(visitor, password)
    answer = visitor.post("/sign-in/code?next=//evil.example/", data={"code": code_of(directory, EMAIL, later=1)})
    assert answer.location == "/"


def test_a_chains_cookies_and_tokens_are_worth_nothing_here_and_ours_nothing_there(
    visitor, console, sign_in_as, api_client, client, tenant
):
    staff = sign_in_as("hq")
    token = staff.get_cookie("session", domain=tenant.host).value
    for name in ("session", "operator", "operator-step", "operator-browser"):
        visitor.set_cookie(name, token, domain="admin.localhost")
    assert visitor.get("/").status_code == 303
    bearer = api_client("booking").environ_base["HTTP_AUTHORIZATION"]
    assert visitor.get("/", headers={"Authorization": bearer}).status_code == 303

    ours = console().get_cookie("operator", domain="admin.localhost").value
    for name in ("session", "operator", "sign-in", "browser", "device"):
        client.set_cookie(name, ours, domain=tenant.host)
    assert client.get("/hq/").status_code == 303
    assert client.get("/hq/", headers={"Authorization": f"Bearer {ours}"}).status_code == 303
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {ours}"}).status_code == 401


def test_an_account_cannot_be_made_twice_or_without_a_name(directory, password):
    with pytest.raises(OperatorExists):
        accounts.create(directory, "ADA@example.com", "Ada", "operator", by=ROOT)
    for email, name, role in (("nobody", "X", "operator"), ("x@example.com", " ", "operator"), ("x@y.zz", "X", "king")):
        with pytest.raises(BadOperator):
            accounts.create(directory, email, name, role, by=ROOT)
    assert directory.scalar(select(func.count()).select_from(Operator)) == 1
