"""Head office connects identity providers, tries them out, and may leave people no other way in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from blueprints.access import oidc, queries, rules, service
from blueprints.access.errors import BadProvider, BeyondOwnRights
from blueprints.access.models import AccountRecord, IdentityProvider, UserSession
from blueprints.access.oidc import people
from blueprints.access.service import admission, consents, desk, oidc_exclusive, oidc_settings, oidc_visits, sessions
from blueprints.access.service.consents import Lent
from blueprints.access.service.oidc_settings import BACK
from blueprints.access.service.oidc_visits import Visit
from blueprints.access.service.roles import Wanted
from blueprints.registry import permissions
from shopbell import clock, ids
from shopbell.auth import Grant, Principal
from tests.access.conftest import EMAIL, PASSWORD, boss, role
from tests.support.identity import IdentityProvider as Running
from tests.support.world import Shop

Connect = Callable[..., UUID]
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def office(sign_in_as: SignIn, today: datetime) -> FlaskClient:
    """Head office's browser."""
    browser = sign_in_as("hq")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def typed(session: Session, **more: str) -> dict[str, str]:
    """The form of a provider, filled in."""
    form = {"name": "Company", "issuer": "https://login.example.com", "client_id": "shopbell", "secret": "hush hush"}
    form |= {"groups_claim": "groups", "scopes": "", "session_hours": "12", "active": "yes", "rows": "3"}
    form |= {"group.0": "Lenses", "role.0": str(role(session, "manager")), "place.0": "chain:"}
    return {**form, **more}


def test_a_provider_is_kept_with_its_secret_sealed_and_never_shown(office: FlaskClient, session: Session) -> None:
    page = office.get("/hq/providers/new").text
    assert f"{BACK}</dd>" in page
    made = office.post("/hq/providers/new", data=typed(session))
    assert made.status_code == 303, made.text
    sealed = session.scalars(select(IdentityProvider.secret)).one()
    assert "hush" not in sealed
    shown = office.get(made.headers["Location"]).text
    assert 'value="Lenses"' in shown
    assert "hush" not in shown
    assert sealed not in shown
    assert "https://login.example.com" in office.get("/hq/providers").text

    changed = office.post(made.headers["Location"], data=typed(session, secret="", name="Firm", **{"group.0": "Leads"}))
    assert changed.status_code == 303, changed.text
    [found] = oidc_settings.providers(session)
    session.expire_all()
    assert (found.name, oidc_settings.connection(found).secret) == ("Firm", "hush hush")
    assert [each.group for each in oidc_settings.group_roles(session, found.id)] == ["Leads"]
    assert office.post(f"/hq/providers/{found.id}/removal").status_code == 303
    assert session.scalar(select(func.count()).select_from(IdentityProvider)) == 0


WRONG = [
    ("name", ""),
    ("issuer", "login.example.com"),
    ("issuer", "https://a:b@login.example.com"),
    ("issuer", "https://login.example.com/?x=1"),
    ("client_id", ""),
    ("secret", ""),
    ("scopes", "schön"),
    ("groups_claim", ""),
    ("session_hours", "0"),
    ("session_hours", "169"),
    ("group.0", ""),
    ("role.0", ""),
    ("place.0", "branch:00000000-0000-0000-0000-000000000001"),
]


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(office: FlaskClient, session: Session) -> None:
    for field, wrong in WRONG:
        answer = office.post("/hq/providers/new", data=typed(session, **{field: wrong}))
        assert answer.status_code == 422, (field, wrong)
        place = "roles" if field.endswith(".0") else field
        assert f'href="#f-{place}"' in answer.text, (field, wrong)
        assert "hush hush" not in answer.text
    assert session.scalar(select(func.count()).select_from(IdentityProvider)) == 0


def test_connecting_a_provider_takes_all_rights(session: Session, sign_in_as: SignIn, today: datetime) -> None:
    assert sign_in_as("manager").get("/hq/providers").status_code == 403
    some = Principal("staff", id=ids.uuid7(), grants=(Grant(frozenset({"access.providers", "access.users"})),))
    wanted = oidc_settings.ProviderInput("X", "https://x.example", "x", "x", "", "groups", 12, True)
    for refused in (
        lambda: oidc_settings.add(session, wanted, by=some, known=permissions()),
        lambda: oidc_settings.remove(session, ids.uuid7(), by=some, known=permissions()),
        lambda: oidc_exclusive.close_passwords(session, ids.uuid7(), None, by=some, known=permissions()),
    ):
        with pytest.raises(BeyondOwnRights):
            refused()


def test_a_connection_is_tried_out_there_and_back_without_signing_anybody_in(
    office: FlaskClient, session: Session, provider: Running, connected: Connect
) -> None:
    provider_id = connected(provider, {"leads": Wanted(role(session, "manager"))})
    provider.person("boss", name="The Boss", email="boss@lumi.example", groups=["leads", "lunch"])
    sessions = session.scalars(select(UserSession.id)).all()
    away = office.get(f"/hq/providers/{provider_id}/test").headers["Location"]
    shown = office.get(provider.sign_in(away, "boss"))
    assert shown.status_code == 200, shown.text
    for told in ("The Boss", "boss@lumi.example", "Not verified", "leads, lunch", "Manager"):
        assert told in shown.text
    assert session.scalars(select(UserSession.id)).all() == sessions
    assert "The Boss" not in [found.name for found in queries.list_users(session, limit=100)]
    assert oidc_settings.provider(session, provider_id).tested_at == clock.now()


def test_a_connection_that_cannot_work_says_why(
    office: FlaskClient, session: Session, provider: Running, connected: Connect
) -> None:
    wrong = connected(provider, issuer=provider.issuer + "/")
    answer = office.get(f"/hq/providers/{wrong}/test")
    assert (answer.status_code, "Copy the issuer exactly" in answer.text) == (422, True)
    session.execute(update(IdentityProvider).values(secret="sealed elsewhere"))
    assert "Enter it once more" in office.get(f"/hq/providers/{wrong}/test").text


def test_somebody_elses_test_shows_nothing(
    office: FlaskClient, client: FlaskClient, session: Session, provider: Running, connected: Connect, an: UUID
) -> None:
    provider_id = connected(provider)
    provider.person("boss", name="The Boss")
    found = oidc_settings.provider(session, provider_id)
    visit = oidc_visits.begin(session, None, Visit(provider_id, "test", an, ""), at=clock.now())
    client.set_cookie("visit", visit.secret, domain="lumi-test.localhost")
    away = oidc.address(oidc_settings.connection(found), visit)
    assert client.get(provider.sign_in(away, "boss")).status_code == 403


@pytest.fixture
def exclusive(session: Session, provider: Running, connected: Connect, today: datetime) -> UUID:
    """The only way in, with a rescue account that has the usual password."""
    provider_id = connected(provider, {"leads": Wanted(role(session, "manager"))})
    rescue = service.create_user(session, "rescue@lumi.example", PASSWORD, "Rescue", "hq")
    oidc_settings.note_test(session, provider_id, at=today)
    oidc_exclusive.close_passwords(session, provider_id, rescue, by=boss(), known=permissions())
    return provider_id


def enter(session: Session, email: str) -> Any:
    browser = service.Browser(service.Origin())
    return service.sign_in(session, email, PASSWORD, browser=browser, factor=1, at=clock.now())


def test_passwords_are_closed_only_once_the_connection_works_and_with_a_way_back(
    office: FlaskClient, session: Session, provider: Running, connected: Connect, today: datetime
) -> None:
    provider_id = connected(provider)
    rescue = service.create_user(session, "rescue@lumi.example", PASSWORD, "Rescue", "hq")
    manager = service.create_user(session, EMAIL, PASSWORD, "An", "manager")
    closing = f"/hq/providers/{provider_id}/passwords/closing"
    assert "try the connection out first" in office.post(closing, data={"rescue": str(rescue)}).text
    oidc_settings.note_test(session, provider_id, at=today)
    for nobody in ("", str(manager), "x"):
        assert office.post(closing, data={"rescue": nobody}).status_code == 422
    enter(session, EMAIL)
    assert office.post(closing, data={"rescue": str(rescue)}).status_code == 303
    assert manager not in session.scalars(select(UserSession.user_id)).all()
    assert "Rescue" in office.get(f"/hq/providers/{provider_id}").text
    assert office.post(f"/hq/providers/{provider_id}", data=typed(session, active="", secret="")).status_code == 422
    with pytest.raises(BadProvider):
        oidc_settings.remove(session, provider_id, by=boss(), known=permissions())
    assert office.post(f"/hq/users/{rescue}/closing").status_code in {409, 422}
    assert queries.account(session, rescue).active
    assert office.post(f"/hq/providers/{provider_id}/passwords/opening").status_code == 303
    assert isinstance(enter(session, EMAIL), service.SignedIn)


def test_where_the_provider_is_the_only_way_in_one_password_alone_is_taken(
    client: FlaskClient, session: Session, exclusive: UUID, an: UUID
) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert (page.status_code, "Sign in with Company: passwords are not taken here" in page.text) == (422, True)
    assert "do not belong together" in client.post("/sign-in", data={"email": EMAIL, "password": "x"}).text
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0
    opened = client.post("/sign-in", data={"email": "rescue@lumi.example", "password": PASSWORD})
    assert opened.status_code == 303
    assert "rescued" in session.scalars(select(AccountRecord.what)).all()
    token = sessions.start(session, queries.account(session, an), at=clock.now())
    client.set_cookie("session", token, domain="lumi-test.localhost")
    form = {"current": PASSWORD, "password": "another long one", "again": "another long one"}
    assert client.post("/account/password", data=form).status_code == 409


def test_pins_and_apps_work_on_for_a_week_after_the_provider_was_last_asked(
    client: FlaskClient, session: Session, provider: Running, exclusive: UUID, shop: Shop, today: datetime
) -> None:
    provider.person("mei", name="Mei Lin", groups=["leads"])
    away = client.get(f"/sign-in/with/{exclusive}").headers["Location"]
    assert client.get(provider.sign_in(away, "mei")).status_code == 303
    mei = next(found for found in queries.list_users(session, limit=100) if found.name == "Mei Lin")
    desk.set_pin(session, mei.id, "270183", at=today)
    rescue = next(found for found in queries.list_users(session, limit=100) if found.name == "Rescue")
    stranger = service.create_user(session, EMAIL, PASSWORD, "An", "manager")
    desk.set_pin(session, stranger, "270183", at=today)

    def at_the_desk() -> list[str]:
        return [found.name for found in desk.people(session, shop.branch_id, permissions())]

    assert at_the_desk() == ["Mei Lin"]
    assert admission.is_vouched(session, rescue.id, at=today)
    assert not admission.is_vouched(session, stranger, at=today)
    with clock.frozen(today + rules.VOUCHED):
        assert at_the_desk() == []
        assert not admission.is_vouched(session, mei.id, at=clock.now())
    oidc_exclusive.take_passwords(session, exclusive, by=boss(), known=permissions())
    assert at_the_desk() == ["An", "Mei Lin"]


def test_an_app_acts_for_nobody_whom_the_provider_has_not_vouched_for(
    session: Session, exclusive: UUID, an: UUID, today: datetime
) -> None:
    client_id, _secret = service.create_client(session, "App", ["booking"])
    app = service.client(session, client_id)
    assert app
    lent = Lent(an, ("booking",), None)
    consent = consents.give(session, app, lent, "code", redirect_uri="x", challenge="x", at=today)
    service.issue(session, app.id, ["booking"], "token", factor=1, at=today, consent_id=consent)
    assert service.bearer(session, "token", at=today) is None
    oidc_exclusive.take_passwords(session, exclusive, by=boss(), known=permissions())
    assert service.bearer(session, "token", at=today) is not None


@pytest.mark.parametrize(
    ("claims", "claim", "found"),
    [
        ({"groups": ["a", "b", 3, ""]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"https://x.example/groups": ["a"]}, "https://x.example/groups", {"a"}),
        ({"realm_access": "x"}, "realm_access.roles", set()),
        ({}, "groups", set()),
    ],
)
def test_groups_are_found_where_providers_put_them(claims: dict[str, Any], claim: str, found: set[str]) -> None:
    assert people.groups(claims, claim) == found


def test_groups_that_are_kept_elsewhere_are_not_taken_for_none() -> None:
    with pytest.raises(oidc.Refusal, match="groups_elsewhere"):
        people.person({"sub": "x", "_claim_names": {"groups": "src1"}}, "groups", "")


@pytest.mark.parametrize(
    ("claims", "own"),
    [
        ({"email": "A@x.example", "email_verified": True}, "a@x.example"),
        ({"email": "a@x.example", "email_verified": "true"}, "a@x.example"),
        ({"email": "a@x.example", "xms_edov": 1}, "a@x.example"),
        ({"email": "a@x.example"}, ""),
        ({"email": "a@x.example", "email_verified": False}, ""),
        ({"email": "a@x.example", "email_verified": "no"}, ""),
        ({"email": "not one", "email_verified": True}, ""),
    ],
)
def test_an_address_counts_when_the_provider_says_it_was_verified(claims: dict[str, Any], own: str) -> None:
    assert people.person({"sub": "x", **claims}, "groups", "").own_email == own
