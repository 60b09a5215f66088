"""Somebody signs out at their identity provider: its word, and nobody else's, ends their sessions here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from blueprints.access.models import AccountRecord, UserSession
from blueprints.access.oidc.leaving import EVENT, LONGEST_LIFE
from blueprints.access.service.roles import Wanted
from shopbell.tenancy import TenantContext
from tests.access.conftest import role
from tests.support.identity import CLIENT_ID, IdentityProvider

Connect = Callable[..., UUID]
Clients = Callable[..., FlaskClient]


@pytest.fixture
def provider_id(session: Session, provider: IdentityProvider, connected: Connect) -> UUID:
    for name in ("mei", "lan"):
        provider.person(name, name=name.title(), groups=["leads"])
    return connected(provider, {"leads": Wanted(role(session, "manager"))})


@pytest.fixture
def come_in(
    client_of: Clients, tenant: TenantContext, provider: IdentityProvider, provider_id: UUID
) -> Callable[[str], FlaskClient]:
    """Signs somebody in at the provider, in a browser of its own."""

    def there_and_back(person: str) -> FlaskClient:
        browser = client_of(tenant)
        away = browser.get(f"/sign-in/with/{provider_id}").headers["Location"]
        assert browser.get(provider.sign_in(away, person)).status_code == 303
        return browser

    return there_and_back


def tell(client: FlaskClient, provider_id: UUID, token: str) -> TestResponse:
    return client.post(f"/sign-in/with/{provider_id}/signed-out", data={"logout_token": token})


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


@pytest.mark.proves("T4")
def test_the_one_session_that_the_provider_ended_is_over(
    client: FlaskClient, session: Session, provider: IdentityProvider, provider_id: UUID, come_in: Any
) -> None:
    first, second, other = come_in("mei"), come_in("mei"), come_in("lan")
    sids = [sid for sid in session.scalars(select(UserSession.provider_sid).order_by(UserSession.id)) if sid]
    assert len(set(sids)) == 3
    answer = tell(client, provider_id, provider.goodbye("mei", sids[0]))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert [is_in(browser) for browser in (first, second, other)] == [False, True, True]
    assert session.scalars(select(AccountRecord.what)).all().count("provider_signed_out") == 1
    assert tell(client, provider_id, provider.goodbye("mei", sids[0])).status_code == 200


def claims(provider: IdentityProvider, today: datetime, **changes: Any) -> dict[str, Any]:
    now = int(today.timestamp())
    honest = {"iss": provider.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "x", "sub": "mei"}
    made = {**honest, "events": {EVENT: {}}, **changes}
    return {name: value for name, value in made.items() if value is not None}


def test_a_word_about_the_person_ends_all_that_they_opened_there(
    client: FlaskClient,
    sign_in_as: Clients,
    provider: IdentityProvider,
    provider_id: UUID,
    come_in: Any,
    today: datetime,
) -> None:
    browsers = come_in("mei"), come_in("mei"), come_in("lan"), sign_in_as("hq")
    assert tell(client, provider_id, provider.signed(claims(provider, today))).status_code == 200
    assert [is_in(browser) for browser in browsers] == [False, False, True, True]
    earlier = int(today.timestamp()) - 120
    again = provider.signed(claims(provider, today, iat=earlier, sub="lan"))
    assert tell(client, provider_id, again).status_code == 200
    assert is_in(browsers[2]), "what was opened after the token was made is not meant by it"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another program"},
        {"aud": None},
        {"iat": None},
        {"iat": 1},
        {"exp": None},
        {"exp": 1},
        {"jti": None},
        {"events": None},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"events": [EVENT]},
        {"nonce": "n"},
        {"sub": None},
        {"sub": 7},
        {"sub": "mei\x00"},
        {"type": "JWT"},
        {"type": ""},
    ],
    ids=str,
)
def test_a_token_that_is_not_right_in_everything_ends_nothing(
    client: FlaskClient,
    provider: IdentityProvider,
    provider_id: UUID,
    come_in: Any,
    today: datetime,
    changes: dict[str, Any],
) -> None:
    browser = come_in("mei")
    kind = changes.pop("type", "logout+jwt")
    answer = tell(client, provider_id, provider.signed(claims(provider, today, **changes), kind))
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")
    assert is_in(browser)


def test_nobody_elses_word_counts(
    client: FlaskClient,
    other_client: FlaskClient,
    provider: IdentityProvider,
    second_provider: IdentityProvider,
    provider_id: UUID,
    come_in: Any,
    today: datetime,
) -> None:
    browser = come_in("mei")
    honest = provider.signed(claims(provider, today))
    for token in ("", "not.a.token", second_provider.signed(claims(provider, today)), honest[:-4] + "AAAA"):
        assert tell(client, provider_id, token).status_code == 400
    assert tell(other_client, provider_id, honest).status_code == 404
    old = claims(provider, today, iat=int(today.timestamp()) - LONGEST_LIFE)
    assert tell(client, provider_id, provider.signed(old)).status_code == 400
    assert is_in(browser)
