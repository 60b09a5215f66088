"""What does not come from the right provider, for this browser, for this visit and now, opens nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from socket import socket
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from blueprints.access import rules
from blueprints.access.models import Identity, ProviderVisit, RoleAssignment, User, UserSession
from blueprints.access.oidc import outside
from blueprints.access.service.oidc_settings import BACK
from blueprints.access.service.roles import Wanted
from shopbell import clock, runtime
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tests.access.conftest import role
from tests.support.database import RolledBackDatabase
from tests.support.identity import IdentityProvider, query

Connect = Callable[..., UUID]
KEPT = (User, RoleAssignment, Identity, UserSession)


@pytest.fixture
def client(client: FlaskClient) -> FlaskClient:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def provider_id(session: Session, provider: IdentityProvider, connected: Connect) -> UUID:
    """The first provider, where Mei is a manager."""
    provider.person("mei", name="Mei Lin", email="mei@lumi.example", email_verified=True, groups=["leads"])
    return connected(provider, {"leads": Wanted(role(session, "manager"))})


@pytest.fixture
def unchanged(session: Session, provider_id: UUID) -> Iterator[None]:
    """Nobody has an account, a role or a session that they did not have before."""

    def counted() -> list[int | None]:
        return [session.scalar(select(func.count()).select_from(table)) for table in KEPT]

    before = counted()
    yield
    assert counted() == before


def sent(client: FlaskClient, provider_id: UUID) -> str:
    return str(client.get(f"/sign-in/with/{provider_id}").headers["Location"])


def refused(answer: TestResponse, code: str, status: int = 403) -> None:
    """Whoever asked is told in plain words, and nothing was handed out."""
    assert (answer.status_code, f'<span class="mono">{code}</span>' in answer.text) == (status, True), answer.text
    assert "Nothing was changed" in answer.text
    assert not any(cookie.startswith("session=") for cookie in answer.headers.getlist("Set-Cookie"))


@pytest.mark.proves("T4")
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        ("nonce", "claim"),
        ("no nonce", "claim"),
        ("issuer", "claim"),
        ("audience", "claim"),
        ("other party", "claim"),
        ("expired", "expired"),
        ("not yet", "claim"),
        ("other access token", "claim"),
        ("other person", "other_person"),
        ("signature", "signature"),
        ("none", "signature"),
        ("shared secret", "signature"),
        ("garbage", "signature"),
    ],
)
def test_a_token_that_is_not_right_in_everything_is_refused(
    client: FlaskClient, provider: IdentityProvider, provider_id: UUID, forgery: str, code: str
) -> None:
    back = provider.sign_in(sent(client, provider_id), "mei")
    provider.forge(forgery)
    refused(client.get(back), code)


def test_an_honest_token_is_taken_while_the_clocks_differ_by_less_than_a_minute(
    client: FlaskClient, provider: IdentityProvider, provider_id: UUID, today: datetime
) -> None:
    with clock.frozen(today - timedelta(seconds=outside.WAIT_SECONDS + 40)):
        assert client.get(provider.sign_in(sent(client, provider_id), "mei")).status_code == 303
    with clock.frozen(today + timedelta(hours=1, minutes=5)):
        refused(client.get(provider.sign_in(sent(client, provider_id), "mei")), "expired")


@pytest.mark.usefixtures("unchanged")
def test_a_code_is_worth_nothing_to_somebody_elses_browser_or_visit(
    client: FlaskClient,
    provider: IdentityProvider,
    provider_id: UUID,
    client_of: Callable[..., FlaskClient],
    tenant: TenantContext,
) -> None:
    theirs = provider.sign_in(sent(client, provider_id), "mei")
    thief = client_of(tenant)
    thief.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    refused(thief.get(theirs), "visit")
    own = query(sent(thief, provider_id))
    injected = {**query(theirs), "state": own["state"]}
    refused(thief.get(f"{BACK}?{urlencode(injected)}"), "code_refused")


def test_what_was_shown_once_is_not_taken_again(
    client: FlaskClient, session: Session, provider: IdentityProvider, provider_id: UUID
) -> None:
    back = provider.sign_in(sent(client, provider_id), "mei")
    assert client.get(back).status_code == 303
    before = session.scalar(select(func.count()).select_from(UserSession))
    refused(client.get(back), "visit")
    again = {**query(back), "state": query(sent(client, provider_id))["state"]}
    refused(client.get(f"{BACK}?{urlencode(again)}"), "code_refused")
    assert session.scalar(select(func.count()).select_from(UserSession)) == before


@pytest.mark.usefixtures("unchanged")
def test_a_refused_visit_is_over(
    client: FlaskClient, session: Session, provider: IdentityProvider, provider_id: UUID
) -> None:
    back = provider.sign_in(sent(client, provider_id), "mei")
    provider.forge("nonce")
    refused(client.get(back), "claim")
    assert session.scalar(select(func.count()).select_from(ProviderVisit)) == 0
    refused(client.get(back), "visit")


@pytest.mark.usefixtures("unchanged")
def test_a_visit_that_took_too_long_or_was_never_begun_is_refused(
    client: FlaskClient, provider: IdentityProvider, provider_id: UUID, today: datetime
) -> None:
    back = provider.sign_in(sent(client, provider_id), "mei")
    with clock.frozen(today + rules.STEP_LIFE):
        refused(client.get(back), "visit")
    for made_up in ("", "?state=x&code=y", "?state=&code=", "?error=access_denied"):
        refused(client.get(f"{BACK}{made_up}"), "visit")


@pytest.mark.usefixtures("unchanged")
def test_an_answer_of_another_provider_is_noticed(
    client: FlaskClient,
    session: Session,
    provider: IdentityProvider,
    second_provider: IdentityProvider,
    provider_id: UUID,
    connected: Connect,
) -> None:
    second_provider.person("mei", name="Not Mei", groups=["leads"])
    second = connected(second_provider, {"leads": Wanted(role(session, "hq"))})
    for spoil in ({"iss": provider.issuer + "/"}, {"iss": ""}, {}):
        theirs = query(second_provider.sign_in(sent(client, second), "mei"))
        mixed = {**theirs, "state": query(sent(client, provider_id))["state"], **spoil}
        refused(client.get(f"{BACK}?{urlencode(mixed)}"), "mixed_up")
    unnamed = query(provider.sign_in(sent(client, provider_id), "mei"))
    unnamed.pop("iss")
    refused(client.get(f"{BACK}?{urlencode(unnamed)}"), "mixed_up")
    relabelled = {**theirs, "state": query(sent(client, provider_id))["state"], "iss": provider.issuer}
    refused(client.get(f"{BACK}?{urlencode(relabelled)}"), "code_refused")


@pytest.mark.usefixtures("unchanged")
def test_what_began_at_one_chain_ends_nowhere_else(
    client: FlaskClient,
    other_client: FlaskClient,
    tenant: TenantContext,
    other_tenant: TenantContext,
    database: RolledBackDatabase,
    provider: IdentityProvider,
    provider_id: UUID,
) -> None:
    other_client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    back = provider.sign_in(sent(client, provider_id), "mei")
    kept = client.get_cookie("visit", domain=tenant.host)
    assert kept
    other_client.set_cookie("visit", kept.value, domain=other_tenant.host)
    refused(other_client.get(back), "visit")
    assert other_client.get(f"/sign-in/with/{provider_id}").status_code == 404
    with database.transaction(other_tenant) as there:
        assert [there.scalar(select(func.count()).select_from(table)) for table in (Identity, UserSession)] == [0, 0]


@pytest.mark.usefixtures("unchanged")
def test_whoever_says_no_at_the_provider_comes_back_as_nobody(
    client: FlaskClient, provider: IdentityProvider, provider_id: UUID
) -> None:
    refused(client.get(provider.sign_in(sent(client, provider_id), "")), "turned_away")


def test_a_provider_in_this_network_a_silent_one_and_one_by_another_name_are_not_gone_to(
    client: FlaskClient,
    provider: IdentityProvider,
    connected: Connect,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outside, "WAIT_SECONDS", 0.2)
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        issuers = {
            f"http://127.0.0.1:{silent.getsockname()[1]}": ("too_slow", 502),
            provider.issuer.replace("127.0.0.1", "localhost"): ("other_issuer", 403),
            "http://127.0.0.1:9": ("unreachable", 502),
        }
        for issuer, (code, status) in issuers.items():
            away = client.get(f"/sign-in/with/{connected(provider, issuer=issuer)}")
            refused(away, code, status)
    runtime.install(settings)
    inside = connected(provider, issuer="http://127.0.0.1:10")
    refused(client.get(f"/sign-in/with/{inside}"), "private_address", 502)
    runtime.install(settings)
