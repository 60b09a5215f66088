"""Head office invites people; a link that was sent works once, for three days, for nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules, service
from blueprints.access.models import OneTimeLink, Role, User, UserSession
from blueprints.access.service import links, sessions
from blueprints.messaging.models import Message
from shopbell import clock, crypto, ids
from shopbell.tenancy import TenantContext
from tests.access.conftest import EMAIL, PASSWORD
from tests.support.letters import letters
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
NEW = "seven grey umbrellas"


def link(session: Session) -> str:
    """The address in the latest message."""
    body = letters(session)[-1].body
    found = re.search(r"http://[^/\s]+(/welcome/\S+)", body)
    assert found, body
    return found[1]


def invitation(session: Session, shop: Shop, **changed: str) -> dict[str, str]:
    role = session.scalars(select(Role.id).where(Role.key == "frontdesk")).one()
    form = {"name": "Mai Phạm", "email": "mai@example.com", "locale": "vi", "rows": "2"}
    return {**form, "role.0": str(role), "place.0": f"branch:{shop.branch_id}", **changed}


def users(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User)) or 0


@pytest.mark.proves("T4")
def test_an_invited_person_chooses_a_password_and_works(
    session: Session, shop: Shop, sign_in_as: SignIn, client: FlaskClient
) -> None:
    answer = sign_in_as("hq").post("/hq/users/new", data=invitation(session, shop))
    assert answer.status_code == 303
    (message,) = letters(session)
    assert (message.template, message.recipient, message.locale) == ("invitation", "mai@example.com", "vi")
    assert message.customer_id is None
    address = link(session)
    page = client.get(f"{address}?lang=en")
    assert "mai@example.com" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert client.post(address, data={"password": NEW, "again": NEW}).location == "/sign-in?welcome=1"
    signed_in = client.post("/sign-in", data={"email": "mai@example.com", "password": NEW})
    assert signed_in.status_code == 303
    assert client.get("/start").location == "/b/xintiandi/"


def test_nobody_signs_in_before_a_password_was_chosen(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    browser = sign_in_as("hq")
    browser.post("/hq/users/new", data=invitation(session, shop))
    for password in ("", "!", PASSWORD):
        browser.post("/sign-out")
        assert browser.post("/sign-in", data={"email": "mai@example.com", "password": password}).status_code == 422


def test_a_link_works_once(session: Session, shop: Shop, sign_in_as: SignIn, client: FlaskClient) -> None:
    sign_in_as("hq").post("/hq/users/new", data=invitation(session, shop))
    address = link(session)
    client.post(address, data={"password": NEW, "again": NEW})
    again = client.post(address, data={"password": "another long one", "again": "another long one"})
    assert again.status_code == 404
    assert client.get(address).status_code == 404
    assert client.post("/sign-in", data={"email": "mai@example.com", "password": NEW}).status_code == 303


def test_a_link_ends_after_three_days_and_is_only_kept_as_a_hash(session: Session, an: UUID) -> None:
    links.send(session, an, "password_link", by=None, at=clock.now())
    token = link(session).removeprefix(links.PATH)
    assert session.scalars(select(OneTimeLink.token_hash)).all() == [crypto.hash_token(token)]
    assert links.owner(session, token, at=clock.now() + rules.LINK_LIFE - timedelta(seconds=1)).id == an
    with pytest.raises(errors.UnknownLink):
        links.owner(session, token, at=clock.now() + rules.LINK_LIFE)


def test_a_new_link_takes_the_place_of_the_old_one(session: Session, an: UUID, client: FlaskClient) -> None:
    links.send(session, an, "password_link", by=None, at=clock.now())
    old = link(session)
    links.send(session, an, "password_link", by=None, at=clock.now())
    assert client.get(old).status_code == 404
    assert client.get(link(session)).status_code == 200


def test_a_link_leads_nowhere_in_another_chain_or_once_the_account_is_closed(
    session: Session, an: UUID, client: FlaskClient, other_client: FlaskClient
) -> None:
    links.send(session, an, "password_link", by=None, at=clock.now())
    address = link(session)
    assert other_client.get(address).status_code == 404
    assert other_client.post(address, data={"password": NEW, "again": NEW}).status_code == 404
    service.set_active(session, an, False)
    assert client.post(address, data={"password": NEW, "again": NEW}).status_code == 404


def test_a_new_password_by_link_ends_every_session(session: Session, an: UUID, client: FlaskClient) -> None:
    sessions.start(session, queries.account(session, an), at=clock.now())
    links.send(session, an, "password_link", by=None, at=clock.now())
    client.post(link(session), data={"password": NEW, "again": NEW})
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [("short", "short", "at least 8"), (NEW, "other", "not the same"), ("iloveyou", "iloveyou", "guessed first")],
)
def test_a_bad_password_leaves_the_link_as_it_was(
    session: Session, an: UUID, client: FlaskClient, password: str, again: str, words: str
) -> None:
    links.send(session, an, "password_link", by=None, at=clock.now())
    page = client.post(f"{link(session)}?lang=en", data={"password": password, "again": again})
    assert page.status_code == 422
    assert words in page.text
    assert password not in page.text
    assert client.get(link(session)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": EMAIL}, "signs in with this e-mail address already"),
        ({"email": "no address"}, "Enter an e-mail address"),
        ({"name": ""}, "Enter a name"),
        ({"role.0": ""}, "Choose at least one role"),
        ({"place.0": "branch:x"}, "Choose a role and where it holds"),
        ({"place.0": "moon"}, "Choose a role and where it holds"),
    ],
)
def test_a_wrong_invitation_invites_nobody_and_keeps_what_was_typed(
    session: Session, shop: Shop, sign_in_as: SignIn, an: UUID, changed: dict[str, str], words: str
) -> None:
    browser = sign_in_as("hq")
    before = users(session)
    page = browser.post("/hq/users/new?lang=en", data=invitation(session, shop, **changed))
    assert page.status_code in {409, 422}
    assert words in page.text
    assert 'name="email"' in page.text
    assert users(session) == before
    assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_a_place_of_the_other_chain_is_refused(
    session: Session, shop: Shop, other_shop: Shop, sign_in_as: SignIn
) -> None:
    form = invitation(session, shop, **{"place.0": f"branch:{other_shop.branch_id}"})
    assert sign_in_as("hq").post("/hq/users/new", data=form).status_code == 422


def test_people_are_found_by_name_and_address_a_page_at_a_time(
    session: Session, sign_in_as: SignIn, tenant: TenantContext
) -> None:
    for number in range(30):
        user = User(id=ids.uuid7(), email=f"p{number:02}@example.com", password_hash="x", created_at=clock.now())
        user.name = f"Person {number:02}"
        session.add(user)
    session.flush()
    browser = sign_in_as("hq")
    assert browser.get("/hq/users?lang=en").text.count('<tr><th scope="row"') == 25
    assert "Person 29" in browser.get("/hq/users?page=2").text
    assert browser.get("/hq/users?q=P07@EXAMPLE").text.count('<tr><th scope="row"') == 1
    for nobody in ("%25", "_", "\\", "%00"):
        assert browser.get(f"/hq/users?q={nobody}&lang=en").text.count('<tr><th scope="row"') == 0


def test_head_office_closes_an_account_and_opens_it_again(
    session: Session, an: UUID, sign_in_as: SignIn, client: FlaskClient
) -> None:
    browser = sign_in_as("hq")
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert browser.post(f"/hq/users/{an}/closing").status_code == 303
    assert client.get("/account").status_code == 303
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 422
    assert browser.post(f"/hq/users/{an}/link").status_code == 409
    assert browser.post(f"/hq/users/{an}/opening").status_code == 303
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 303
    page = browser.get(f"/hq/users/{an}?lang=en").text
    assert "Account closed" in page
    assert "Account opened" in page


def test_the_only_one_of_head_office_is_told_why_the_account_stays_open(
    session: Session, sign_in_as: SignIn, tenant: TenantContext
) -> None:
    browser = sign_in_as("hq")
    me = session.scalars(select(User.id).where(User.email == f"hq@{tenant.slug}.example")).one()
    page = browser.post(f"/hq/users/{me}/closing?lang=en")
    assert page.status_code == 409
    assert "the last account of head office" in page.text
    assert browser.get("/hq/users").status_code == 200


def test_head_office_signs_somebody_out_everywhere(
    session: Session, an: UUID, sign_in_as: SignIn, client: FlaskClient
) -> None:
    browser = sign_in_as("hq")
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert client.get("/account").status_code == 200
    assert browser.post(f"/hq/users/{an}/signing-out").status_code == 303
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("role", ["manager", "frontdesk"])
def test_nobody_else_manages_users(an: UUID, sign_in_as: SignIn, role: str, session: Session) -> None:
    browser = sign_in_as(role)
    before = users(session)
    for address in ("/hq/users", "/hq/users/new", "/hq/roles", f"/hq/users/{an}"):
        assert browser.get(address).status_code == 403
    for address in ("roles", "link", "closing", "opening", "signing-out", "codes-reset"):
        assert browser.post(f"/hq/users/{an}/{address}").status_code == 403
    assert users(session) == before
    assert queries.account(session, an).active
