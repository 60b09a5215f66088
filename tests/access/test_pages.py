"""Sign-in, sign-out and the first page after it, as a browser without scripts sees them."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from blueprints.access import service
from blueprints.access.models import RoleAssignment, SignInAttempt, UserSession
from blueprints.catalog.models import Branch
from shopbell import ids, throttle
from shopbell.tenancy import current_tenant
from tests.access.conftest import EMAIL, PASSWORD

SignIn = Callable[..., FlaskClient]
RIGHT = {"email": EMAIL, "password": PASSWORD}


def rows(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def branch(session: Session, slug: str) -> UUID:
    new = Branch(id=ids.uuid7(), slug=slug, name={"en": slug.title()}, address={}, phone="", time_zone="Asia/Shanghai")
    session.add(new)
    session.flush()
    return new.id


def cookie(client: FlaskClient, name: str = "session") -> str | None:
    found = client.get_cookie(name, domain=current_tenant().host)
    return found.value if found else None


def test_the_form_names_the_chain_and_needs_no_script(client: FlaskClient, session: Session) -> None:
    page = client.get("/sign-in?lang=en")
    assert page.status_code == 200
    assert current_tenant().name in page.text
    assert "<script" not in page.text
    assert 'autocomplete="current-password"' in page.text


def test_the_right_password_leads_to_work_with_a_hardened_cookie(
    client: FlaskClient, session: Session, an: UUID
) -> None:
    answer = client.post("/sign-in", data=RIGHT)
    assert (answer.status_code, answer.location) == (303, "/start")
    crumbs = next(header for header in answer.headers.getlist("Set-Cookie") if header.startswith("session="))
    assert "HttpOnly" in crumbs
    assert "SameSite=Lax" in crumbs
    assert "Secure" not in crumbs
    assert rows(session, UserSession) == 1


def test_over_https_the_cookie_is_bound_to_the_host(client: FlaskClient, an: UUID) -> None:
    answer = client.post("/sign-in", data=RIGHT, base_url=f"https://{current_tenant().host}")
    crumbs = next(header for header in answer.headers.getlist("Set-Cookie") if header.startswith("__Host-session="))
    assert "Secure" in crumbs
    assert "Path=/" in crumbs
    assert "Domain" not in crumbs


def test_signing_in_again_gives_a_new_session_for_the_old_one(client: FlaskClient, session: Session, an: UUID) -> None:
    client.post("/sign-in", data=RIGHT)
    first = cookie(client)
    client.post("/sign-in", data=RIGHT)
    assert cookie(client) not in {None, first}
    assert rows(session, UserSession) == 1


@pytest.mark.parametrize(
    ("next_page", "target"),
    [
        ("/b/bund/?day=2026-03-01", "/b/bund/?day=2026-03-01"),
        ("//evil.example", "/start"),
        ("https://evil.example", "/start"),
    ],
)
def test_only_a_page_of_ours_is_gone_back_to(client: FlaskClient, an: UUID, next_page: str, target: str) -> None:
    answer = client.post("/sign-in", query_string={"next": next_page}, data=RIGHT)
    assert answer.location == target


def test_a_wrong_password_keeps_what_was_typed_but_the_password(
    client: FlaskClient, session: Session, an: UUID
) -> None:
    page = client.post("/sign-in?lang=en", data={"email": EMAIL, "password": "wrong password"})
    assert page.status_code == 422
    assert f'value="{EMAIL}"' in page.text
    assert "wrong password" not in page.text
    assert 'href="#f-email"' in page.text
    assert "do not belong together" in page.text
    assert cookie(client) is None
    assert rows(session, UserSession) == 0
    assert rows(session, SignInAttempt) == 1


def test_an_unknown_account_gets_the_very_same_page(client: FlaskClient, an: UUID) -> None:
    known = client.post("/sign-in?lang=en", data={"email": EMAIL, "password": "wrong"})
    unknown = client.post("/sign-in?lang=en", data={"email": "no@example.com", "password": "wrong"})
    assert unknown.text == known.text.replace(EMAIL, "no@example.com")


def test_fields_left_empty_are_named(client: FlaskClient, session: Session) -> None:
    page = client.post("/sign-in?lang=en", data={"email": "<b>an", "password": ""})
    assert page.status_code == 422
    assert 'href="#f-email"' in page.text
    assert 'href="#f-password"' in page.text
    assert 'value="&lt;b&gt;an"' in page.text
    assert rows(session, SignInAttempt) == 0


def test_too_many_guesses_are_told_how_long_to_wait(
    client: FlaskClient, session: Session, an: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TRIES_PER_ACCOUNT", 2)
    wrong = {"email": EMAIL, "password": "wrong"}
    assert [client.post("/sign-in", data=wrong).status_code for _ in range(3)] == [422, 422, 429]
    page = client.post("/sign-in?lang=en", data=RIGHT)
    assert page.status_code == 429
    assert "Try again in 15 minutes." in page.text
    assert 0 < int(page.headers["Retry-After"]) <= 900
    assert rows(session, UserSession) == 0


def test_a_form_on_another_site_cannot_sign_anybody_in(client: FlaskClient, session: Session, an: UUID) -> None:
    answer = client.post("/sign-in", data=RIGHT, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert rows(session, UserSession) == 0


def test_the_accounts_language_is_spoken_from_then_on(client: FlaskClient, session: Session) -> None:
    service.create_user(session, EMAIL, PASSWORD, "An", "manager", (), "vi")
    client.post("/sign-in", data=RIGHT)
    assert '<html lang="vi">' in client.get("/sign-out").text


def test_a_language_chosen_in_this_browser_stays(client: FlaskClient, session: Session) -> None:
    service.create_user(session, EMAIL, PASSWORD, "An", "manager", (), "vi")
    client.get("/sign-in?lang=zh-CN")
    client.post("/sign-in", data=RIGHT)
    assert '<html lang="zh-CN">' in client.get("/sign-out").text


def test_the_signed_in_are_not_asked_again(signed_in: SignIn) -> None:
    assert signed_in("hq").get("/sign-in?next=/hq/").location == "/hq/"


def test_signing_out_asks_first_and_then_ends_the_session(signed_in: SignIn, session: Session) -> None:
    client = signed_in("manager")
    question = client.get("/sign-out?lang=en")
    assert "Manager" in question.text
    assert rows(session, UserSession) == 1
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert cookie(client) is None
    assert rows(session, UserSession) == 0


def test_nobody_can_sign_out_too(client: FlaskClient) -> None:
    assert client.get("/sign-out").location == "/sign-in"
    assert client.post("/sign-out").location == "/sign-in"


def test_nobody_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    assert client.get("/start").location == "/sign-in?next=/start"


def test_hq_starts_at_hq(signed_in: SignIn) -> None:
    assert signed_in("hq").get("/start").location == "/hq/"


def test_somebody_of_one_branch_starts_there(signed_in: SignIn, session: Session) -> None:
    branch(session, "acc-east")
    west = branch(session, "acc-west")
    assert signed_in("frontdesk", (west,)).get("/start").location == "/b/acc-west/"


def test_somebody_of_several_branches_chooses(signed_in: SignIn, session: Session) -> None:
    limits = branch(session, "acc-east"), branch(session, "acc-west")
    branch(session, "acc-north")
    page = signed_in("manager", limits).get("/start")
    assert page.status_code == 200
    assert 'href="/b/acc-east/"' in page.text
    assert 'href="/b/acc-west/"' in page.text
    assert "acc-north" not in page.text


def test_somebody_without_a_branch_is_told_whom_to_ask(signed_in: SignIn, session: Session) -> None:
    browser = signed_in("frontdesk")
    session.execute(delete(RoleAssignment))
    page = browser.get("/start?lang=en")
    assert "Ask head office" in page.text
