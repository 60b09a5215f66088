"""Staff sign in through their chain's own identity provider, a real one, and have the roles of their groups."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from blueprints.access import queries, rules, service
from blueprints.access.models import (
    AccountRecord,
    Identity,
    OAuthConsent,
    ProviderVisit,
    RoleAssignment,
    User,
    UserSession,
)
from blueprints.access.service import consents
from blueprints.access.service.consents import Lent
from blueprints.access.service.roles import Wanted
from shopbell import clock, crypto
from shopbell.audit import AuditChange, AuditEntry
from shopbell.tenancy import current_tenant
from tests.access.conftest import EMAIL, PASSWORD, role
from tests.support.identity import IdentityProvider, query
from tests.support.world import Shop

Connect = Callable[..., UUID]


@pytest.fixture
def client(client: FlaskClient) -> FlaskClient:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def desk(session: Session, shop: Shop) -> Wanted:
    """The front desk of one branch."""
    return Wanted(role(session, "frontdesk"), branch_id=shop.branch_id)


def sent(client: FlaskClient, provider_id: UUID, target: str = "") -> str:
    """Where the browser is sent."""
    answer = client.get(f"/sign-in/with/{provider_id}", query_string={"next": target} if target else None)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def come_in(client: FlaskClient, provider: IdentityProvider, provider_id: UUID, person: str) -> TestResponse:
    """There and back."""
    return client.get(provider.sign_in(sent(client, provider_id), person))


def account(session: Session, name: str) -> queries.Account:
    session.expire_all()
    return queries.account(session, session.scalars(select(User.id).where(User.name == name)).one())


@pytest.mark.proves("T4")
@pytest.mark.parametrize("which", [0, 1], ids=["asked for", "in the token"])
def test_somebody_new_is_let_in_with_what_their_groups_give(
    client: FlaskClient,
    session: Session,
    identity_providers: tuple[IdentityProvider, IdentityProvider],
    connected: Connect,
    desk: Wanted,
    shop: Shop,
    today: datetime,
    which: int,
) -> None:
    provider = identity_providers[which]
    mei = provider.person("mei", name="Mei Lin", email="Mei@Lumi.example", email_verified=True, groups=["lenses", "x"])
    provider_id = connected(provider, {"lenses": desk}, session_hours=10)
    assert f"/sign-in/with/{provider_id}?next=%2Faccount" in client.get("/sign-in?next=/account").text
    away = sent(client, provider_id, "/account")
    asked = query(away)
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert asked["scope"] == "openid profile email groups"
    back = client.get(provider.sign_in(away, mei))
    assert (back.status_code, back.headers["Location"]) == (303, "/account")

    found = account(session, "Mei Lin")
    assert (found.email, found.active) == ("mei@lumi.example", True)
    assert [(each.key, each.branch_id) for each in found.roles] == [("frontdesk", shop.branch_id)]
    opened = session.execute(select(UserSession.expires_at, UserSession.provider_id, UserSession.id_token)).one()
    assert opened[:2] == (today + timedelta(hours=10), provider_id)
    assert "eyJ" not in opened.id_token
    assert session.scalars(select(AccountRecord.what).order_by(AccountRecord.id)).all() == ["provider_opened", "roles"]
    entry = session.execute(select(AuditEntry.actor_name, AuditEntry.subject_ids, AuditEntry.xid)).one()
    assert (entry.actor_name, entry.subject_ids) == ("Mei Lin", [found.id])
    changes = session.scalars(select(AuditChange.table_name).where(AuditChange.xid == entry.xid))
    assert {"users", "role_assignments"} <= set(changes)
    assert client.get("/start").headers["Location"] == "/b/xintiandi/"


def test_the_same_subject_is_the_same_account_and_follows_its_groups(
    client: FlaskClient, session: Session, provider: IdentityProvider, connected: Connect, desk: Wanted
) -> None:
    provider_id = connected(provider, {"lenses": desk, "leads": Wanted(role(session, "manager"))})
    provider.person("mei", name="Mei Lin", groups=["lenses"])
    come_in(client, provider, provider_id, "mei")
    before = account(session, "Mei Lin")
    provider.person("mei", name="Another name", groups=["leads"])
    come_in(client, provider, provider_id, "mei")
    after = account(session, "Mei Lin")
    assert after.id == before.id
    assert [(each.key, each.chain_wide) for each in after.roles] == [("manager", True)]


def test_an_account_is_linked_by_an_address_only_when_the_provider_says_it_is_the_persons_own(
    client: FlaskClient, session: Session, provider: IdentityProvider, connected: Connect, desk: Wanted, an: UUID
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    provider.person("claims to be an", name="Somebody", email=EMAIL, email_verified=False, groups=["lenses"])
    assert come_in(client, provider, provider_id, "claims to be an").status_code == 303
    stranger = account(session, "Somebody")
    assert stranger.id != an
    assert (stranger.mailbox, stranger.email.endswith(".invalid")) == ("", True)

    provider.person("an", name="An T.", email=EMAIL, email_verified=True, groups=["lenses"])
    assert come_in(client, provider, provider_id, "an").status_code == 303
    assert session.execute(select(Identity.user_id).where(Identity.subject == "an")).scalar_one() == an
    assert account(session, "An Trần").role == "frontdesk"
    assert (
        service.sign_in(
            session, EMAIL, PASSWORD, browser=service.Browser(service.Origin()), factor=1, at=clock.now()
        ).__class__
        is service.SignedIn
    )


def test_an_address_that_another_person_has_there_opens_nothing(
    client: FlaskClient, session: Session, provider: IdentityProvider, connected: Connect, desk: Wanted, an: UUID
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    provider.person("an", email=EMAIL, email_verified=True, groups=["lenses"])
    come_in(client, provider, provider_id, "an")
    provider.person("heir", name="Heir", email=EMAIL, email_verified=True, groups=["lenses"])
    answer = come_in(client, provider, provider_id, "heir")
    assert (answer.status_code, "belongs to another account" in answer.text) == (403, True)
    assert session.scalar(select(func.count()).select_from(Identity)) == 1


def test_whoever_is_in_no_group_any_more_loses_everything_at_the_next_sign_in(
    client: FlaskClient, session: Session, provider: IdentityProvider, connected: Connect, desk: Wanted, today: datetime
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    provider.person("mei", name="Mei Lin", groups=["lenses"])
    come_in(client, provider, provider_id, "mei")
    mei = account(session, "Mei Lin").id
    client_id, _secret = service.create_client(session, "App", ["booking"])
    app = service.client(session, client_id)
    assert app
    consents.give(session, app, Lent(mei, ("booking",), None), "code", redirect_uri="x", challenge="x", at=today)

    provider.person("mei", name="Mei Lin", groups=["gardening"])
    answer = come_in(client, provider, provider_id, "mei")
    assert (answer.status_code, "you are in no group" in answer.text) == (403, True)
    for held in (RoleAssignment, UserSession, OAuthConsent):
        assert session.scalars(select(held.user_id).where(held.user_id == mei)).all() == []
    assert client.get("/start").status_code == 303
    assert "provider_lost" in session.scalars(select(AccountRecord.what).where(AccountRecord.user_id == mei)).all()


def test_somebody_unknown_in_no_group_gets_no_account(
    client: FlaskClient, session: Session, provider: IdentityProvider, connected: Connect, desk: Wanted
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    provider.person("guest", name="Guest", email="guest@x.example", email_verified=True)
    assert come_in(client, provider, provider_id, "guest").status_code == 403
    assert session.scalar(select(func.count()).select_from(User).where(User.name == "Guest")) == 0


def test_groups_do_not_take_the_last_head_office_away_and_a_closed_account_stays_closed(
    client: FlaskClient, session: Session, provider: IdentityProvider, connected: Connect, desk: Wanted
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    boss = service.create_user(session, EMAIL, PASSWORD, "Boss", "hq")
    provider.person("boss", email=EMAIL, email_verified=True, groups=["lenses"])
    answer = come_in(client, provider, provider_id, "boss")
    assert (answer.status_code, "last account of head office" in answer.text) == (409, True)
    assert account(session, "Boss").role == "hq"
    assert session.scalar(select(func.count()).select_from(Identity)) == 0

    service.create_user(session, "other@lumi.example", PASSWORD, "Other boss", "hq")
    assert come_in(client, provider, provider_id, "boss").status_code == 303
    service.set_active(session, boss, False)
    assert "is closed" in come_in(client, provider, provider_id, "boss").text


def test_new_keys_of_the_provider_are_found_and_unknown_ones_looked_for_a_few_times_at_most(
    client: FlaskClient, provider: IdentityProvider, connected: Connect, desk: Wanted
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    provider.person("mei", name="Mei Lin", groups=["lenses"])
    assert come_in(client, provider, provider_id, "mei").status_code == 303
    provider.new_keys("second")
    assert come_in(client, provider, provider_id, "mei").status_code == 303
    before = provider.asked("/jwks")
    for _number in range(6):
        provider.forge("unknown key")
        assert come_in(client, provider, provider_id, "mei").status_code == 403
    assert provider.asked("/jwks") - before <= 5
    assert come_in(client, provider, provider_id, "mei").status_code == 303


def test_signing_out_leads_to_the_providers_own_door(
    client: FlaskClient, provider: IdentityProvider, connected: Connect, desk: Wanted, session: Session
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    provider.person("mei", name="Mei Lin", groups=["lenses"])
    come_in(client, provider, provider_id, "mei")
    page = client.post("/sign-out")
    assert client.get_cookie("session", domain=current_tenant().host) is None
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0
    link = page.text.split(f'href="{provider.issuer}/session/end?')[1].split('"')[0].replace("&amp;", "&")
    asked = query(f"{provider.issuer}/session/end?{link}")
    assert asked["post_logout_redirect_uri"] == f"http://{current_tenant().host}:8000/sign-in"
    status, shown = provider.sees(f"{provider.issuer}/session/end?{link}")
    assert (status, "logout" in shown) == (200, True)


def test_somebody_without_a_password_sets_a_pin_shortly_after_signing_in(
    client: FlaskClient, provider: IdentityProvider, connected: Connect, desk: Wanted, today: datetime
) -> None:
    provider_id = connected(provider, {"lenses": desk})
    provider.person("mei", name="Mei Lin", groups=["lenses"])
    come_in(client, provider, provider_id, "mei")
    assert client.post("/account/pin", data={"pin": "270183"}).status_code == 303
    with clock.frozen(today + rules.FRESH):
        assert client.post("/account/pin", data={"pin": "270184"}).status_code == 422


def test_visits_are_kept_as_hashes_and_only_for_minutes(
    client: FlaskClient, session: Session, provider: IdentityProvider, connected: Connect, today: datetime
) -> None:
    state = query(sent(client, connected(provider)))["state"]
    row: Any = session.execute(select(ProviderVisit.state_hash, ProviderVisit.expires_at)).one()
    assert tuple(row) == (crypto.hash_token(state), today + rules.STEP_LIFE)
