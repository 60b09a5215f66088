"""Codes from the phone: asked for after the password, taken once, and never the only way in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules, service
from blueprints.access.models import AccountRecord, RecoveryCode, Role, SignInStep, Totp, UserSession
from blueprints.access.service import steps, totp
from shopbell import clock, throttle
from shopbell.crypto import BadToken, Sealer
from shopbell.tenancy import TenantContext, entered
from tests.access.conftest import EMAIL, PASSWORD

SignIn = Callable[..., FlaskClient]
RIGHT = {"email": EMAIL, "password": PASSWORD}


def code(session: Session, user_id: UUID, at: datetime) -> str:
    """What the phone shows."""
    sealed = session.scalars(select(Totp.secret).where(Totp.user_id == user_id)).one()
    return pyotp.TOTP(totp._readable(user_id, sealed) or "").at(at)


@pytest.fixture
def recovery(session: Session, an: UUID, now: datetime) -> list[str]:
    """An has put the picture into a phone, one minute ago."""
    before = now - timedelta(minutes=1)
    totp.offer(session, an, at=before)
    return totp.switch_on(session, an, code(session, an, before), at=before)


def sessions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(UserSession)) or 0


def require(session: Session, role: str = "manager") -> None:
    session.execute(update(Role).where(Role.key == role).values(requires_totp=True))


@pytest.mark.proves("T4")
def test_a_password_alone_opens_nothing(client: FlaskClient, session: Session, recovery: list[str]) -> None:
    answer = client.post("/sign-in?next=/account", data=RIGHT)
    assert answer.location == "/sign-in/code?next=/account"
    assert sessions(session) == 0
    assert client.get("/account").status_code == 303
    assert client.get("/start").location.startswith("/sign-in")
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "<script" not in page.text


@pytest.mark.proves("T4")
def test_the_code_of_the_phone_opens_the_account(
    client: FlaskClient, session: Session, an: UUID, recovery: list[str], now: datetime
) -> None:
    client.post("/sign-in", data=RIGHT)
    answer = client.post("/sign-in/code?next=/account", data={"code": code(session, an, now)})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert session.scalar(select(func.count()).select_from(SignInStep)) == 0


def test_a_code_is_taken_once(
    client: FlaskClient, session: Session, an: UUID, recovery: list[str], now: datetime
) -> None:
    shown = code(session, an, now)
    for expected in (303, 422):
        client.post("/sign-out")
        client.post("/sign-in", data=RIGHT)
        assert client.post("/sign-in/code", data={"code": shown}).status_code == expected
    earlier = code(session, an, now - timedelta(seconds=30))
    assert not totp.accepts(session, an, earlier, at=now)


@pytest.mark.parametrize("seconds", [-90, -61, 61, 90])
def test_a_code_of_another_minute_is_refused(
    session: Session, an: UUID, recovery: list[str], now: datetime, seconds: int
) -> None:
    later = now + timedelta(minutes=10)
    assert not totp.accepts(session, an, code(session, an, later + timedelta(seconds=seconds)), at=later)


def test_a_clock_that_is_half_a_minute_off_is_no_trouble(
    session: Session, an: UUID, recovery: list[str], now: datetime
) -> None:
    for minutes, seconds in ((1, -30), (2, 0), (3, 30)):
        moment = now + timedelta(minutes=minutes)
        assert totp.accepts(session, an, code(session, an, moment + timedelta(seconds=seconds)), at=moment)


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "abcdef", "１２３４５６", "\x00", "x" * 500, "2aaaaaaaaa"])
def test_a_wrong_code_opens_nothing_and_is_counted(
    client: FlaskClient, session: Session, recovery: list[str], wrong: str
) -> None:
    client.post("/sign-in", data=RIGHT)
    page = client.post("/sign-in/code?lang=en", data={"code": wrong})
    assert page.status_code == 422
    assert "not the right one" in page.text
    assert sessions(session) == 0


def test_guessing_codes_is_slowed_down(
    client: FlaskClient,
    session: Session,
    an: UUID,
    recovery: list[str],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttle, "TRIES_PER_ACCOUNT", 2)
    client.post("/sign-in", data=RIGHT)
    statuses = [client.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(3)]
    assert statuses == [422, 422, 429]
    page = client.post("/sign-in/code", data={"code": code(session, an, now)})
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0
    assert sessions(session) == 0


def test_the_step_ends_after_ten_minutes_and_with_a_new_password(session: Session, an: UUID, now: datetime) -> None:
    token = steps.begin(session, an, at=now)
    assert steps.whose(session, token, at=now + rules.STEP_LIFE - timedelta(seconds=1)) == an
    assert steps.whose(session, token, at=now + rules.STEP_LIFE) is None
    service.set_password(session, an, "another good one")
    assert steps.whose(session, token, at=now) is None


def test_nobody_comes_to_the_step_without_a_password(
    client: FlaskClient, session: Session, recovery: list[str]
) -> None:
    assert client.get("/sign-in/code").location == "/sign-in"
    assert client.post("/sign-in/code", data={"code": "000000"}).location == "/sign-in"


def test_a_step_of_one_chain_leads_nowhere_in_another(
    client: FlaskClient,
    other_client: FlaskClient,
    recovery: list[str],
    tenant: TenantContext,
    other_tenant: TenantContext,
) -> None:
    client.post("/sign-in", data=RIGHT)
    step = client.get_cookie("sign-in", domain=tenant.host)
    assert step is not None
    other_client.set_cookie("sign-in", step.value, domain=other_tenant.host)
    assert other_client.get("/sign-in/code").location == "/sign-in"


@pytest.mark.proves("T4")
def test_a_recovery_code_opens_the_account_once(
    client: FlaskClient, session: Session, an: UUID, recovery: list[str]
) -> None:
    assert len(set(recovery)) == len(recovery) == 8
    assert all(
        one.replace("-", "") not in str(session.scalars(select(RecoveryCode.code_hash)).all()) for one in recovery
    )
    for expected in (303, 422):
        client.post("/sign-out")
        client.post("/sign-in", data=RIGHT)
        assert client.post("/sign-in/code", data={"code": recovery[3].upper()}).status_code == expected
    assert totp.left(session, an) == 7


def test_new_recovery_codes_need_a_code_and_end_the_old_ones(
    client: FlaskClient, session: Session, an: UUID, recovery: list[str], now: datetime
) -> None:
    client.post("/sign-in", data=RIGHT)
    client.post("/sign-in/code", data={"code": recovery[0]})
    assert client.post("/account/codes/recovery", data={"recovery_code": "000000"}).status_code == 422
    assert totp.left(session, an) == 7
    page = client.post("/account/codes/recovery?lang=en", data={"recovery_code": code(session, an, now)})
    fresh = re.findall(r"<li><code>(\S+)</code>", page.text)
    assert len(fresh) == 8
    assert not totp.accepts(session, an, recovery[1], at=now)
    assert totp.accepts(session, an, fresh[1], at=now)


def test_codes_are_switched_on_with_a_first_code_only(
    client: FlaskClient, session: Session, an: UUID, now: datetime
) -> None:
    client.post("/sign-in", data=RIGHT)
    page = client.get("/account/codes?lang=en")
    assert "<svg" in page.text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert secret
    assert client.get("/account/codes").text.count(secret[1]) == 1
    assert client.post("/account/codes", data={"code": "000000"}).status_code == 422
    assert not totp.is_on(session, an)
    right = pyotp.TOTP(secret[1].replace(" ", "")).at(now)
    page = client.post("/account/codes", data={"code": right})
    assert len(re.findall(r"<li><code>(\S+)</code>", page.text)) == 8
    assert totp.is_on(session, an)
    assert client.get("/account/codes").status_code == 303
    with pytest.raises(errors.TotpAlreadyOn):
        totp.offer(session, an, at=now)


def test_codes_are_switched_off_with_a_code(
    client: FlaskClient, session: Session, an: UUID, recovery: list[str], now: datetime
) -> None:
    client.post("/sign-in", data=RIGHT)
    client.post("/sign-in/code", data={"code": recovery[0]})
    assert client.post("/account/codes/removal", data={"code": "000000"}).status_code == 422
    assert totp.is_on(session, an)
    assert client.post("/account/codes/removal", data={"code": code(session, an, now)}).status_code == 303
    assert not totp.is_on(session, an)
    assert totp.left(session, an) == 0


@pytest.mark.proves("T4")
def test_a_role_that_asks_for_codes_has_them_set_up_before_the_first_page(
    client: FlaskClient, session: Session, an: UUID, now: datetime
) -> None:
    require(session)
    assert client.post("/sign-in?next=/account", data=RIGHT).location.startswith("/sign-in/code")
    page = client.get("/sign-in/code?next=/account&lang=en")
    assert "<svg" in page.text
    assert "Your role asks for a code" in page.text
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    assert not totp.is_on(session, an)
    assert sessions(session) == 0
    page = client.post("/sign-in/code?next=/account", data={"code": code(session, an, now)})
    assert len(re.findall(r"<li><code>(\S+)</code>", page.text)) == 8
    assert 'href="/account"' in page.text
    assert client.get("/account").status_code == 200


def test_a_role_that_asks_for_nothing_asks_nobody(client: FlaskClient, session: Session, an: UUID) -> None:
    require(session, "hq")
    assert client.post("/sign-in", data=RIGHT).location == "/start"


@pytest.mark.proves("T4")
def test_head_office_resets_the_codes_of_a_lost_phone_and_that_is_on_record(
    client: FlaskClient, session: Session, an: UUID, recovery: list[str], sign_in_as: SignIn
) -> None:
    assert sign_in_as("hq").post(f"/hq/users/{an}/codes-reset").status_code == 303
    assert not totp.is_on(session, an)
    assert totp.left(session, an) == 0
    record = session.scalars(select(AccountRecord).where(AccountRecord.what == "totp_reset")).one()
    assert record.by_user_id not in {None, an}
    assert client.post("/sign-in", data=RIGHT).location == "/start"


def test_a_secret_is_kept_sealed_and_opens_in_its_own_row_and_chain_only(
    session: Session, an: UUID, recovery: list[str], other_tenant: TenantContext, now: datetime
) -> None:
    sealed = session.scalars(select(Totp.secret)).one()
    sealer = Sealer("development-only-not-a-secret", totp.PURPOSE)
    secret = sealer.open(str(an), sealed)
    assert secret not in sealed
    for context, key in (
        (str(an) + "x", sealer),
        (str(an), Sealer("other", totp.PURPOSE)),
        (str(an), Sealer("development-only-not-a-secret", "other")),
    ):
        with pytest.raises(BadToken):
            key.open(context, sealed)
    with entered(other_tenant), pytest.raises(BadToken):
        sealer.open(str(an), sealed)


def test_a_secret_sealed_elsewhere_locks_nobody_into_an_error(
    client: FlaskClient, session: Session, an: UUID, recovery: list[str]
) -> None:
    session.execute(update(Totp).values(secret="c2VhbGVkIGVsc2V3aGVyZQ"))
    client.post("/sign-in", data=RIGHT)
    assert client.post("/sign-in/code", data={"code": "123456"}).status_code == 422
    assert client.post("/sign-in/code", data={"code": recovery[0]}).status_code == 303
    assert clock.now()
    assert queries.account(session, an).active
