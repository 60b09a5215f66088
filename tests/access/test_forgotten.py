"""Whoever forgot their password gets a link; nobody learns who has an account, or keeps anybody out by asking."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from blueprints.access import queries, rules, service
from blueprints.access.models import AccountRecord, IdentityProvider, OneTimeLink, User, UserSession
from blueprints.access.service import forgotten, links, sessions, totp
from shopbell import clock, ids, throttle
from shopbell.due import DueWork
from tests.access.conftest import EMAIL, PASSWORD
from tests.support.database import RolledBackDatabase
from tests.support.letters import Letter, letters

NEW = "seven grey umbrellas"
FORM = "/sign-in/forgotten"
NETWORK = "198.51.100.1"
RunJobs = Callable[[], int]


def link(message: Letter) -> str:
    found = re.search(r"http://[^/\s]+(/welcome/\S+)", message.body)
    assert found, message.body
    return found[1]


def ask(client: FlaskClient, email: str = EMAIL) -> None:
    assert client.post(FORM, data={"email": email}).location == f"{FORM}?sent=1"


def link_of(session: Session) -> str:
    forgotten.send(session, EMAIL, at=clock.now())
    return link(letters(session)[-1])


@pytest.mark.proves("T4")
def test_whoever_forgot_their_password_chooses_another_one_and_signs_in(
    session: Session, an: UUID, client: FlaskClient
) -> None:
    token = sessions.start(session, queries.account(session, an), at=clock.now())
    assert FORM in client.get("/sign-in").text
    ask(client, f" {EMAIL.upper()} ")
    (work,) = session.scalars(select(DueWork).where(DueWork.kind == forgotten.KIND)).all()
    forgotten.send(session, work.payload["email"], at=clock.now())
    (letter,) = letters(session)
    assert (letter.template, letter.recipient, letter.locale) == ("password_forgotten", EMAIL, "zh-CN")
    assert letter.expires_at == clock.now() + rules.FORGOTTEN_LIFE
    answer = client.post(link(letter), data={"password": NEW, "again": NEW})
    assert answer.location == "/sign-in?welcome=1"
    assert service.resume(session, token, at=clock.now()) is None
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"email": EMAIL, "password": NEW}).status_code == 303
    kept = session.scalars(select(AccountRecord.what).where(AccountRecord.user_id == an).order_by(AccountRecord.id))
    assert kept.all() == ["password_forgotten", "password"]


def test_a_worker_sends_the_link(
    client: FlaskClient, an: UUID, database: RolledBackDatabase, session: Session, run_jobs: RunJobs
) -> None:
    ask(client)
    run_jobs()
    assert [letter.template for letter in letters(session)] == ["password_forgotten"]
    assert session.scalar(select(func.count()).select_from(DueWork).where(DueWork.kind == forgotten.KIND)) == 0


def test_an_unknown_a_closed_and_a_known_address_get_the_same_answer_for_the_same_work(
    session: Session, an: UUID, client: FlaskClient
) -> None:
    service.create_user(session, "closed@example.com", PASSWORD, "Closed", "manager")
    service.set_active(session, queries.list_users(session, "closed", limit=1)[0].id, False)
    seen = []
    for email in (EMAIL, "nobody@example.com", "closed@example.com"):
        statements: list[str] = []
        engine = session.get_bind()
        note = lambda *args, kept=statements: kept.append(args[2])  # noqa: E731 - the listener is taken off again
        event.listen(engine, "before_cursor_execute", note)
        answer = client.post(FORM, data={"email": email})
        event.remove(engine, "before_cursor_execute", note)
        written = [statement for statement in statements if "SAVEPOINT" not in statement]
        seen.append((answer.status_code, answer.location, answer.data, written))
    assert seen[0] == seen[1] == seen[2]
    assert not any("from users" in statement.lower() for statement in seen[0][3])


def test_nobody_but_the_owner_of_an_open_account_is_written_to(
    session: Session, an: UUID, other_client: FlaskClient, run_jobs: RunJobs
) -> None:
    service.set_active(session, an, False)
    for email in (EMAIL, "nobody@example.com"):
        forgotten.send(session, email, at=clock.now())
    service.set_active(session, an, True)
    ask(other_client)
    run_jobs()
    assert letters(session) == []


def test_whoever_cannot_sign_in_with_a_password_gets_no_link(session: Session, an: UUID) -> None:
    boss = service.create_user(session, "boss@example.com", PASSWORD, "Boss", "hq")
    nowhere = rules.no_mailbox(an)
    session.execute(update(User).where(User.id == an).values(email=nowhere))
    forgotten.send(session, nowhere, at=clock.now())
    session.execute(update(User).where(User.id == an).values(email=EMAIL))
    only = IdentityProvider(id=ids.uuid7(), name="Company", issuer="https://id.example", client_id="x", secret="x")
    only.exclusive, only.rescue_id, only.created_at = True, boss, clock.now()
    session.add(only)
    session.flush()
    for email in (EMAIL, "boss@example.com"):
        forgotten.send(session, email, at=clock.now())
    assert [letter.recipient for letter in letters(session)] == ["boss@example.com"]


def test_the_link_works_once_and_for_an_hour(session: Session, an: UUID, client: FlaskClient) -> None:
    address = link_of(session)
    token = address.removeprefix(links.PATH)
    assert links.owner(session, token, at=clock.now() + rules.FORGOTTEN_LIFE - timedelta(seconds=1)).id == an
    with clock.frozen(clock.now() + rules.FORGOTTEN_LIFE):
        assert client.get(address).status_code == 404
    assert client.post(address, data={"password": NEW, "again": NEW}).status_code == 303
    assert client.post(address, data={"password": "another one", "again": "another one"}).status_code == 404


def test_a_stranger_who_asks_ends_no_invitation_and_the_first_link_used_ends_the_others(
    session: Session, an: UUID, client: FlaskClient
) -> None:
    links.send(session, an, "invitation", by=None, at=clock.now())
    invitation, second = link(letters(session)[-1]), link_of(session)
    assert client.get(invitation).status_code == client.get(second).status_code == 200
    client.post(second, data={"password": NEW, "again": NEW})
    assert client.get(invitation).status_code == 404
    assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 0


def test_a_code_from_the_phone_is_asked_for_afterwards(session: Session, an: UUID, client: FlaskClient) -> None:
    secret = totp.offer(session, an, at=clock.now())
    totp.switch_on(session, an, pyotp.TOTP(secret).at(clock.now()), at=clock.now())
    client.post(link_of(session), data={"password": NEW, "again": NEW})
    answer = client.post("/sign-in", data={"email": EMAIL, "password": NEW})
    assert answer.location.startswith("/sign-in/code")
    assert client.get("/account").status_code == 303


def test_one_account_gets_a_few_links_and_the_rest_of_the_wishes_look_the_same(
    session: Session, an: UUID, run_jobs: RunJobs, client: FlaskClient
) -> None:
    for _wish in range(rules.FORGOTTEN_PER_ACCOUNT + 2):
        ask(client)
        run_jobs()
    assert len(letters(session)) == rules.FORGOTTEN_PER_ACCOUNT


def test_one_network_asks_so_often_only_and_still_signs_in(session: Session, an: UUID, client: FlaskClient) -> None:
    now = clock.now()
    for number in range(rules.FORGOTTEN_PER_ADDRESS):
        assert forgotten.ask(session, f"p{number}@example.com", "127.0.0.1", factor=1, at=now) is None
    refused = client.post(f"{FORM}?lang=en", data={"email": EMAIL})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == throttle.WINDOW.total_seconds()
    assert "Try again in 15 minutes." in refused.text
    assert forgotten.ask(session, EMAIL, NETWORK, factor=1, at=now) is None
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 303
    assert forgotten.ask(session, EMAIL, "127.0.0.1", factor=1, at=now + throttle.WINDOW) is None


@pytest.mark.parametrize("email", ["", "no address", "x" * 300 + "@example.com"])
def test_what_is_no_address_is_said_beside_the_field(session: Session, client: FlaskClient, email: str) -> None:
    page = client.post(f"{FORM}?lang=en", data={"email": email})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert session.scalar(select(func.count()).select_from(DueWork).where(DueWork.kind == forgotten.KIND)) == 0
