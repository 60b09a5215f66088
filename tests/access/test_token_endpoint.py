"""Programs get tokens for their id and secret, as RFC 6749 has it."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import errors, rules, service
from blueprints.access.models import OAuthClient, OAuthToken, SignInAttempt
from shopbell import clock, throttle
from shopbell.http.app import ShopbellApp

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def till(session: Session) -> tuple[str, str]:
    """The id and the secret of a program that may do everything the scope booking allows."""
    return service.create_client(session, "Till", ["booking"])


def tokens(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OAuthToken)) or 0


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_secret_and_the_token_are_kept_as_hashes_only(
    client: FlaskClient, session: Session, till: tuple[str, str]
) -> None:
    token = client.post("/oauth/token", data=GRANT, auth=till).get_json()["access_token"]
    kept = session.execute(select(OAuthClient.secret_hash, OAuthToken.token_hash).join(OAuthToken)).one()
    assert till[1] not in kept
    assert token not in kept


def test_basic_authentication_gets_a_token_for_an_hour(client: FlaskClient, till: tuple[str, str]) -> None:
    answer = client.post("/oauth/token", data=GRANT, auth=till)
    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "booking")
    assert answer.headers["Cache-Control"] == "no-store"
    me = client.get("/api/v1/me", headers=bearer(body["access_token"])).get_json()
    assert (me["kind"], me["name"]) == ("client", "Till")


def test_the_form_may_carry_the_secret(client: FlaskClient, till: tuple[str, str]) -> None:
    answer = client.post("/oauth/token", data={**GRANT, "client_id": till[0], "client_secret": till[1]})
    assert answer.status_code == 200


def test_a_token_holds_no_more_than_was_asked_for(client: FlaskClient, session: Session) -> None:
    both = service.create_client(session, "Both", ["booking", "crm"])
    answer = client.post("/oauth/token", data={**GRANT, "scope": "crm"}, auth=both)
    assert answer.get_json()["scope"] == "crm"
    assert client.get("/api/v1/me", headers=bearer(answer.get_json()["access_token"])).status_code == 403


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({"data": {}}, 400, "invalid_request"),
        ({"json": GRANT}, 400, "invalid_request"),
        ({"data": {"grant_type": "password"}}, 400, "unsupported_grant_type"),
        ({"data": {"grant_type": "“”\0"}}, 400, "unsupported_grant_type"),
        ({"data": "grant_type=client_credentials&grant_type=x"}, 400, "invalid_request"),
        ({"data": GRANT}, 401, "invalid_client"),
        ({"data": GRANT, "auth": ("cl_nobody", "x")}, 401, "invalid_client"),
        ({"data": {**GRANT, "client_id": "cl_\0é", "client_secret": "é"}}, 401, "invalid_client"),
        ({"data": GRANT, "headers": {"Authorization": "Basic /////w=="}}, 401, "invalid_client"),
        ({"data": GRANT, "headers": {"Authorization": "Basic"}}, 401, "invalid_client"),
    ],
)
def test_a_bad_request_is_named(
    client: FlaskClient, session: Session, sent: dict[str, Any], status: int, error: str
) -> None:
    form = "application/x-www-form-urlencoded"
    extra = {"content_type": form} if isinstance(sent.get("data"), str) else {}
    answer = client.post("/oauth/token", **sent, **extra)
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)
    assert (answer.headers.get("WWW-Authenticate") == 'Basic realm="shopbell"') is (status == 401)
    assert tokens(session) == 0


def test_a_wrong_secret_and_an_unknown_id_look_alike(client: FlaskClient, till: tuple[str, str]) -> None:
    wrong = client.post("/oauth/token", data=GRANT, auth=(till[0], "wrong"))
    unknown = client.post("/oauth/token", data=GRANT, auth=("cl_nobody", "wrong"))
    assert (wrong.status_code, wrong.get_json()) == (unknown.status_code, unknown.get_json())


def test_a_secret_in_two_places_is_refused(client: FlaskClient, till: tuple[str, str]) -> None:
    answer = client.post("/oauth/token", data={**GRANT, "client_secret": till[1]}, auth=till)
    assert answer.get_json()["error"] == "invalid_request"


def test_a_scope_beyond_the_clients_is_refused(client: FlaskClient, session: Session, till: tuple[str, str]) -> None:
    answer = client.post("/oauth/token", data={**GRANT, "scope": "booking hq"}, auth=till)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_scope")
    assert tokens(session) == 0


def test_wrong_secrets_are_slowed_down_where_they_come_from(
    client: FlaskClient, session: Session, till: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TRIES_PER_ACCOUNT", 2)
    statuses = [client.post("/oauth/token", data=GRANT, auth=(till[0], "wrong")).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    refused = client.post("/oauth/token", data=GRANT, auth=till)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    elsewhere = client.post("/oauth/token", data=GRANT, auth=till, environ_base={"REMOTE_ADDR": "10.9.9.9"})
    assert elsewhere.status_code == 200
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 2


def test_a_program_that_asks_for_a_token_per_call_is_stopped(
    client: FlaskClient, session: Session, till: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "TOKENS_PER_MINUTE", 2)
    answers = [client.post("/oauth/token", data=GRANT, auth=till) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"
    assert tokens(session) == 2


def test_a_token_ends_after_an_hour(client: FlaskClient, till: tuple[str, str]) -> None:
    token = client.post("/oauth/token", data=GRANT, auth=till).get_json()["access_token"]
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 200
    with clock.frozen(clock.now() + timedelta(hours=1)):
        late = client.get("/api/v1/me", headers=bearer(token))
    assert (late.status_code, late.get_json()["code"]) == (401, "invalid_token")


def test_a_revoked_program_is_refused_and_its_tokens_are_gone(
    client: FlaskClient, session: Session, till: tuple[str, str]
) -> None:
    token = client.post("/oauth/token", data=GRANT, auth=till).get_json()["access_token"]
    service.revoke_client(session, till[0])
    service.revoke_client(session, till[0])
    assert client.post("/oauth/token", data=GRANT, auth=till).get_json()["error"] == "invalid_client"
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer " + "x" * 5000])
def test_a_wrong_token_never_falls_back_to_the_cookie(client: FlaskClient, signed_in: Any, header: str) -> None:
    signed_in("hq")
    answer = client.get("/api/v1/me", headers={"Authorization": header})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_cookie_opens_the_api_too(signed_in: Any) -> None:
    me = signed_in("frontdesk").get("/api/v1/me").get_json()
    assert (me["kind"], me["role"], me["branch_ids"]) == ("staff", "frontdesk", None)
    assert "access.start" in me["permissions"]


def test_nobody_is_told_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(("name", "scopes"), [("Till", []), ("Till", ["Booking now"])])
def test_a_program_needs_a_scope(session: Session, name: str, scopes: list[str]) -> None:
    with pytest.raises(errors.BadScope):
        service.create_client(session, name, scopes)


def test_a_program_nobody_registered_cannot_be_revoked(session: Session) -> None:
    with pytest.raises(errors.UnknownClient):
        service.revoke_client(session, "cl_nobody")


def test_in_production_a_secret_is_not_taken_over_plain_http(
    client: FlaskClient, app: ShopbellApp, till: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unsafe = dataclasses.replace(app.settings, environment="production", public_scheme="http")
    monkeypatch.setattr(app, "settings", unsafe)
    answer = client.post("/oauth/token", data=GRANT, auth=till)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "insecure_transport")
    monkeypatch.setattr(app, "settings", dataclasses.replace(unsafe, public_scheme="https"))
    assert client.post("/oauth/token", data=GRANT, auth=till).status_code == 200
