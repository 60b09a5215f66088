"""An operator's own account: password, phone, recovery codes and sessions."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from blueprints.operator import rules
from blueprints.operator.models import OperatorRecord, OperatorRecoveryCode, OperatorSession
from blueprints.operator.service import accounts
from shopbell import clock
from tests.conftest import MORNING
from tests.operator.conftest import ROOT, code_of

EMAIL = "ada@example.com"
BETTER = "seven-brass-kettles"
ADDRESSES = {
    "/account/password": {"current": "x", "password": BETTER, "again": BETTER},
    "/account/phone": {"phone_code": "000000"},
    "/account/phone/confirmation": {"ticket": "x", "code": "000000"},
    "/account/recovery": {"recovery_code": "000000"},
    "/account/sessions/00000000-0000-7000-8000-000000000000/end": {},
    "/account/sessions/end": {},
}


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None, pattern
    return match[1]


@pytest.fixture
def password(directory) -> str:
    made = accounts.create(directory, EMAIL, "Ada", "operator", by=ROOT)
    directory.commit()
    return made


@pytest.fixture
def recovery(visitor, password, directory) -> list[str]:
    """Ada is signed in; these are her recovery codes."""
    return codes_on(enter(visitor, password, code_of(directory, EMAIL)))


def enter(browser, password, code):
    browser.post("/sign-in", data={"email": EMAIL, "password": password}, base_url="http://admin.localhost:8000")
    return browser.post("/sign-in/code", data={"code": code}, base_url="http://admin.localhost:8000")


def codes_on(page) -> list[str]:
    return re.findall(r"<li><code>(\w{5}-\w{5})</code>", page.text)


def done(directory) -> list[str]:
    return list(directory.scalars(select(OperatorRecord.what).order_by(OperatorRecord.id)))


@pytest.mark.parametrize("role", ["operator", "observer"])
def test_everybody_has_an_account_of_their_own(console, role):
    shown = console(role).get("/account").text
    assert f"{role}@example.com" in shown
    assert "8 recovery codes are left." in shown
    assert "This browser" in shown


def test_nobody_gets_there_without_signing_in(visitor):
    assert visitor.get("/account").status_code == 303
    for address, form in ADDRESSES.items():
        assert visitor.post(address, data=form).location.startswith("/sign-in"), address


def test_what_is_not_right_changes_nothing(visitor, recovery, directory):
    before = done(directory)
    answers = {address: visitor.post(address, data=form).status_code for address, form in ADDRESSES.items()}
    assert list(answers.values()) == [422, 422, 409, 422, 404, 303]
    assert visitor.post("/account/recovery", data={"recovery_code": "\x00"}).status_code == 422
    assert done(directory) == before


def test_a_new_password_takes_the_present_one_and_ends_all_other_sessions(visitor, password, recovery, app, directory):
    other = app.test_client()
    enter(other, password, recovery[0])
    assert other.get("/", base_url=visitor.address).status_code == 200
    wish = {"current": password, "password": BETTER, "again": BETTER}
    assert visitor.post("/account/password", data={**wish, "again": "else"}).status_code == 422
    weak = {**wish, "password": "12345678", "again": "12345678"}
    assert visitor.post("/account/password", data=weak).status_code == 422
    assert visitor.post("/account/password", data=wish).location == "/account?saved=password"
    assert visitor.get("/").status_code == 200
    assert other.get("/", base_url=visitor.address).status_code == 303
    assert enter(other, password, recovery[1]).location == "/sign-in"
    assert enter(other, BETTER, recovery[1]).location == "/"
    assert "password" in done(directory)


def test_guesses_at_the_own_password_are_counted(visitor, recovery):
    wish = {"current": "wrong", "password": BETTER, "again": BETTER}
    assert [visitor.post("/account/password", data=wish).status_code for _ in range(9)] == [422] * 8 + [429]


def test_a_recovery_code_opens_the_account_once(visitor, password, recovery, directory):
    visitor.post("/sign-out")
    assert enter(visitor, password, recovery[3].upper().replace("-", " ")).location == "/"
    visitor.post("/sign-out")
    assert enter(visitor, password, recovery[3]).status_code == 422
    assert done(directory).count("recovery_code_used") == 1
    assert recovery[4] not in str(directory.scalars(select(OperatorRecoveryCode.code_hash)).all())


def test_new_recovery_codes_take_the_place_of_the_old_ones(visitor, password, recovery, directory):
    answer = visitor.post("/account/recovery", data={"recovery_code": code_of(directory, EMAIL, later=1)})
    fresh = codes_on(answer)
    assert len(fresh) == 8
    assert "no-store" in answer.headers["Cache-Control"]
    visitor.post("/sign-out")
    assert enter(visitor, password, recovery[0]).status_code == 422
    assert enter(visitor, password, fresh[0]).location == "/"


def test_another_phone_is_set_up_with_a_code_of_each(visitor, password, recovery, directory):
    old = code_of(directory, EMAIL, later=1)
    offer = visitor.post("/account/phone", data={"phone_code": old})
    secret = found(r"<code>([A-Z2-7 ]+)</code>", offer.text).replace(" ", "")
    ticket = found(r'name="ticket" value="([^"]+)"', offer.text)
    wrong = visitor.post("/account/phone/confirmation", data={"ticket": ticket, "code": "000000"})
    assert wrong.status_code == 422
    assert ticket in wrong.text
    fresh = pyotp.TOTP(secret).at(clock.now())
    answer = visitor.post("/account/phone/confirmation", data={"ticket": ticket, "code": fresh})
    assert len(codes_on(answer)) == 8
    assert done(directory)[-2:] == ["phone", "recovery_codes"]
    visitor.post("/sign-out")
    assert enter(visitor, password, recovery[0]).status_code == 422
    assert enter(visitor, password, pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))).location == "/"


def test_an_offer_of_another_phone_is_one_persons_and_ends(visitor, recovery, console, directory):
    offer = visitor.post("/account/phone", data={"phone_code": recovery[0]})
    ticket = found(r'name="ticket" value="([^"]+)"', offer.text)
    form = {"ticket": ticket, "code": "000000"}
    assert console("observer").post("/account/phone/confirmation", data=form).status_code == 409
    directory.execute(update(OperatorSession).values(last_seen_at=MORNING + rules.STEP_LIFE))
    directory.commit()
    with clock.frozen(MORNING + rules.STEP_LIFE):
        assert visitor.post("/account/phone/confirmation", data=form).status_code == 409


def test_sessions_are_listed_and_ended(visitor, password, recovery, app, console, directory):
    other = app.test_client()
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"}
    step = {"email": EMAIL, "password": password}
    other.post("/sign-in", data=step, base_url=visitor.address, headers=agent)
    other.post("/sign-in/code", data={"code": recovery[0]}, base_url=visitor.address, headers=agent)
    page = visitor.get("/account").text
    assert "Firefox" in page
    session_id = found(r"/account/sessions/([0-9a-f-]{36})/end", page)
    assert console("observer").post(f"/account/sessions/{session_id}/end").status_code == 404
    assert visitor.post(f"/account/sessions/{session_id}/end").status_code == 303
    assert other.get("/", base_url=visitor.address).status_code == 303
    assert visitor.post(f"/account/sessions/{session_id}/end").status_code == 404
    enter(other, password, recovery[1])
    assert visitor.post("/account/sessions/end").status_code == 303
    assert other.get("/", base_url=visitor.address).status_code == 303
    assert visitor.get("/").status_code == 200
    assert done(directory).count("sessions") == 2


def test_the_command_that_resets_an_account_forgets_its_recovery_codes(visitor, recovery, directory):
    password = accounts.reset(directory, EMAIL, by=ROOT)
    directory.commit()
    assert enter(visitor, password, recovery[0]).status_code == 422
