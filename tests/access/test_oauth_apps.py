"""Apps of partners act for people who let them, as RFC 6749, 7636, 7009, 7662, 8414 and 9207 have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.access import service
from blueprints.access.models import AccountRecord, OAuthClient, OAuthConsent, OAuthToken, RoleAssignment, User
from blueprints.access.service import users
from shopbell import clock, runtime
from shopbell.audit import AuditEntry
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tests.access.apps import App, asking, call, fetch, let_in, register, renew, told
from tests.support.world import Shop

DAY = 24 * 3600

pytestmark = pytest.mark.proves("T5")


@pytest.fixture
def partner(session: Session) -> App:
    return register(session)


@pytest.fixture
def an_browser(sign_in_as: Callable[..., FlaskClient], shop: Shop) -> FlaskClient:
    """A manager of one branch."""
    return sign_in_as("manager", [shop.branch_id])


def test_the_page_says_which_app_wants_what(an_browser: FlaskClient, partner: App) -> None:
    page = an_browser.get("/authorize", query_string=asking(partner))
    assert page.status_code == 200
    assert "Let Partner in?" in page.text
    assert "Look up appointments, and make, move and cancel them" in page.text
    assert "Look up customers" not in page.text
    assert "form-action 'self' https://partner.example;" in page.headers["Content-Security-Policy"]


def test_an_app_that_is_let_in_acts_for_the_person(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App, shop: Shop
) -> None:
    answer = fetch(client, partner, let_in(an_browser, partner, scope="booking customers.read"))
    assert answer.status_code == 200, answer.text
    body = answer.get_json()
    assert (body["expires_in"], body["scope"]) == (3600, "booking customers.read")
    me = call(client, body["access_token"]).get_json()
    assert (me["kind"], me["name"], me["behalf"]) == ("client", "Partner", "Manager")
    assert {"booking.write", "crm.read"} <= set(me["permissions"])
    assert "booking.approve" not in me["permissions"]
    call(client, body["access_token"], "/api/v1/customers?q=Wang")
    entry = session.execute(select(AuditEntry.actor_name, AuditEntry.behalf).where(AuditEntry.kind == "read")).first()
    assert entry == ("Partner", "Manager")


def test_an_app_does_no_more_than_the_person_may(
    client: FlaskClient, session: Session, an: UUID, sign_in_as: Callable[..., FlaskClient], partner: App
) -> None:
    """Whoever loses a role takes it from the app, too."""
    browser = sign_in_as("frontdesk")
    token = fetch(client, partner, let_in(browser, partner)).get_json()["access_token"]
    assert "booking.write" in call(client, token).get_json()["permissions"]
    session.execute(delete(RoleAssignment).where(RoleAssignment.user_id != an))
    assert call(client, token).get_json()["permissions"] == ["access.me"]


def test_the_iss_parameter_names_the_chain(an_browser: FlaskClient, partner: App, tenant: TenantContext) -> None:
    answer = an_browser.post("/authorize", query_string=asking(partner), data={"decision": "allow"})
    assert told(answer)["iss"] == f"http://{tenant.host}:8000"
    assert told(answer)["state"] == "s1"


def test_a_no_is_told_to_the_app(an_browser: FlaskClient, partner: App, session: Session) -> None:
    answer = told(an_browser.post("/authorize", query_string=asking(partner), data={"decision": "deny"}))
    assert (answer["error"], answer["state"]) == ("access_denied", "s1")
    assert "iss" in answer
    assert session.scalars(select(OAuthConsent)).all() == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "booking hq"}, "invalid_scope"),
        ({"scope": "customers"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_the_app_is_told_what_is_wrong(
    an_browser: FlaskClient, partner: App, changes: dict[str, str], error: str
) -> None:
    for answer in (
        an_browser.get("/authorize", query_string=asking(partner, **changes)),
        an_browser.post("/authorize", query_string=asking(partner, **changes), data={"decision": "allow"}),
    ):
        assert told(answer)["error"] == error
        assert "iss" in told(answer)


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://partner.example/back/"},
        {"redirect_uri": "https://partner.example/back?x=1"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": ""},
        {"client_id": "cl_nobody"},
        {"client_id": ""},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    an_browser: FlaskClient, partner: App, changes: dict[str, str]
) -> None:
    query = asking(partner, **changes)
    for answer in (
        an_browser.get("/authorize", query_string=query),
        an_browser.post("/authorize", query_string=query, data={"decision": "allow"}),
    ):
        assert answer.status_code == 422
        assert "Location" not in answer.headers


def test_only_somebody_who_has_signed_in_is_asked(client: FlaskClient, partner: App) -> None:
    answer = client.get("/authorize", query_string=asking(partner))
    assert answer.status_code in {302, 303}
    assert answer.location.startswith("/sign-in?next=")


def test_a_code_that_comes_twice_ends_all_that_was_issued(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App
) -> None:
    code = let_in(an_browser, partner)
    body = fetch(client, partner, code).get_json()
    assert call(client, body["access_token"]).status_code == 200
    again = fetch(client, partner, code)
    assert (again.status_code, again.get_json()["error"]) == (400, "invalid_grant")
    assert call(client, body["access_token"]).status_code == 401
    assert renew(client, partner, body["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert "app_stolen" in session.scalars(select(AccountRecord.what)).all()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "wrong-" * 10}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"redirect_uri": "https://partner.example/other"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_grant"),
        ({"code": "x"}, "invalid_grant"),
    ],
)
def test_a_code_alone_is_worth_nothing(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App, changes: dict[str, str], error: str
) -> None:
    answer = fetch(client, partner, **{"code": let_in(an_browser, partner), **changes})
    assert (answer.status_code, answer.get_json()["error"]) == (400, error)
    assert session.scalars(select(OAuthToken)).all() == []


def test_a_code_is_good_for_a_minute(client: FlaskClient, an_browser: FlaskClient, partner: App) -> None:
    code = let_in(an_browser, partner)
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        assert fetch(client, partner, code).get_json()["error"] == "invalid_grant"


def test_another_apps_code_and_tokens_are_nothing(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App
) -> None:
    stranger, code = register(session), let_in(an_browser, partner)
    unknown = fetch(client, stranger, "x").get_json()
    assert fetch(client, stranger, code).get_json() == unknown
    body = fetch(client, partner, code).get_json()
    assert renew(client, stranger, body["refresh_token"]).get_json()["error"] == "invalid_grant"
    for token in (body["access_token"], body["refresh_token"]):
        asked = client.post("/oauth/introspect", data={"token": token}, auth=stranger)
        assert (asked.status_code, asked.get_json()) == (200, {"active": False})
        assert client.post("/oauth/revoke", data={"token": token}, auth=stranger).status_code == 200
    assert call(client, body["access_token"]).status_code == 200
    assert renew(client, partner, body["refresh_token"]).status_code == 200


def test_another_chain_knows_neither_app_nor_code_nor_token(
    client: FlaskClient, other_client: FlaskClient, an_browser: FlaskClient, partner: App
) -> None:
    code = let_in(an_browser, partner)
    assert fetch(other_client, partner, code).status_code == 401
    body = fetch(client, partner, code).get_json()
    assert renew(other_client, partner, body["refresh_token"]).status_code == 401
    assert call(other_client, body["access_token"]).status_code == 401
    assert other_client.post("/oauth/introspect", data={"token": body["access_token"]}, auth=partner).status_code == 401
    assert call(client, body["access_token"]).status_code == 200


def test_refresh_tokens_are_used_once(client: FlaskClient, an_browser: FlaskClient, partner: App) -> None:
    first = fetch(client, partner, let_in(an_browser, partner)).get_json()
    second = renew(client, partner, first["refresh_token"]).get_json()
    assert second["refresh_token"] != first["refresh_token"]
    assert call(client, second["access_token"]).status_code == 200
    assert renew(client, partner, first["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert call(client, second["access_token"]).status_code == 401
    assert renew(client, partner, second["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_a_refresh_token_ends_after_ninety_unused_days(
    client: FlaskClient, an_browser: FlaskClient, partner: App
) -> None:
    body = fetch(client, partner, let_in(an_browser, partner)).get_json()
    with clock.frozen(clock.now() + timedelta(days=90)):
        assert renew(client, partner, body["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_a_consent_ends_however_often_it_is_renewed(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App
) -> None:
    given = clock.now()
    body = fetch(client, partner, let_in(an_browser, partner)).get_json()
    assert body["refresh_token_expires_in"] == 90 * DAY
    for days in (80, 160, 240, 320):
        with clock.frozen(given + timedelta(days=days)):
            body = renew(client, partner, body["refresh_token"]).get_json()
            asked = client.post("/oauth/introspect", data={"token": body["refresh_token"]}, auth=partner).get_json()
            assert asked["exp"] - asked["iat"] == body["refresh_token_expires_in"]
    assert body["refresh_token_expires_in"] == 45 * DAY
    with clock.frozen(given + timedelta(days=365)):
        asked = client.post("/oauth/introspect", data={"token": body["refresh_token"]}, auth=partner).get_json()
        assert asked == {"active": False}
        assert renew(client, partner, body["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_a_shorter_time_counts_for_consents_that_are_there(
    client: FlaskClient, an_browser: FlaskClient, partner: App, settings: Settings
) -> None:
    body = fetch(client, partner, let_in(an_browser, partner)).get_json()
    runtime.install(replace(settings, consent_days=30))
    try:
        assert "Apr 1, 2026" in an_browser.get("/account/apps?lang=en").text
        with clock.frozen(clock.now() + timedelta(days=29)):
            body = renew(client, partner, body["refresh_token"]).get_json()
            assert body["refresh_token_expires_in"] == DAY
        with clock.frozen(clock.now() + timedelta(days=30)):
            assert renew(client, partner, body["refresh_token"]).get_json()["error"] == "invalid_grant"
    finally:
        runtime.install(settings)


def test_a_token_says_to_its_own_app_what_it_is_worth(
    client: FlaskClient, an_browser: FlaskClient, partner: App
) -> None:
    body = fetch(client, partner, let_in(an_browser, partner)).get_json()
    asked = client.post("/oauth/introspect", data={"token": body["access_token"]}, auth=partner).get_json()
    assert (asked["active"], asked["scope"], asked["client_id"]) == (True, "booking", partner[0])
    assert asked["exp"] - asked["iat"] == 3600
    assert client.post("/oauth/introspect", data={"token": body["refresh_token"]}, auth=partner).get_json()["active"]
    with clock.frozen(clock.now() + timedelta(hours=1)):
        late = client.post("/oauth/introspect", data={"token": body["access_token"]}, auth=partner).get_json()
    assert late == {"active": False}


def test_revoking_a_refresh_token_ends_everything(client: FlaskClient, an_browser: FlaskClient, partner: App) -> None:
    body = fetch(client, partner, let_in(an_browser, partner)).get_json()
    for _ in range(2):
        assert client.post("/oauth/revoke", data={"token": body["refresh_token"]}, auth=partner).status_code == 200
    assert call(client, body["access_token"]).status_code == 401


def test_a_programs_own_token_ends_at_once_when_it_is_revoked(client: FlaskClient, session: Session) -> None:
    till = service.create_client(session, "Till", ["booking"])
    body = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=till).get_json()
    assert call(client, body["access_token"]).status_code == 200
    assert "refresh_token" not in body
    assert client.post("/oauth/revoke", data={"token": body["access_token"]}, auth=till).status_code == 200
    assert call(client, body["access_token"]).status_code == 401


@pytest.mark.parametrize("path", ["/oauth/revoke", "/oauth/introspect"])
def test_a_stranger_is_told_nothing(client: FlaskClient, partner: App, path: str) -> None:
    for auth in (None, (partner[0], "wrong"), ("cl_nobody", "x")):
        answer = client.post(path, data={"token": "x"}, auth=auth)
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
    assert client.post(path, data={}, auth=partner).get_json()["error"] == "invalid_request"


def test_an_app_cannot_act_by_itself_nor_a_program_for_people(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App
) -> None:
    by_itself = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=partner)
    assert by_itself.get_json()["error"] == "unauthorized_client"
    till = service.create_client(session, "Till", ["booking"])
    assert an_browser.get("/authorize", query_string=asking(till)).status_code == 422
    assert fetch(client, till, "x").get_json()["error"] == "unauthorized_client"


def test_a_person_lends_only_the_branches_they_tick(
    client: FlaskClient, sign_in_as: Callable[..., FlaskClient], partner: App, shop: Shop
) -> None:
    hq = sign_in_as("hq")
    nothing = hq.post("/authorize", query_string=asking(partner), data={"decision": "allow", "reach": "some"})
    assert nothing.status_code == 422
    code = let_in(hq, partner, {"reach": "some", "branches": str(shop.branch_id)})
    token = fetch(client, partner, code).get_json()["access_token"]
    assert call(client, token).get_json()["branch_ids"] == [str(shop.branch_id)]


def test_an_app_limited_to_branches_stays_there(
    client: FlaskClient, session: Session, sign_in_as: Callable[..., FlaskClient], shop: Shop
) -> None:
    limited = register(session, branch_ids=frozenset({shop.branch_id}))
    token = fetch(client, limited, let_in(sign_in_as("hq"), limited)).get_json()["access_token"]
    assert call(client, token).get_json()["branch_ids"] == [str(shop.branch_id)]


def test_shutting_an_app_out_ends_it_at_once(client: FlaskClient, an_browser: FlaskClient, partner: App) -> None:
    token = fetch(client, partner, let_in(an_browser, partner)).get_json()["access_token"]
    assert call(client, token).status_code == 200
    page = an_browser.get("/account/apps")
    assert "Partner" in page.text
    address = page.text.split('action="/account/apps/')[1].split('"')[0]
    assert an_browser.post(f"/account/apps/{address}").status_code == 303
    assert call(client, token).status_code == 401
    assert an_browser.post(f"/account/apps/{address}").status_code == 404


def test_whoever_leaves_takes_their_apps_along(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App
) -> None:
    body = fetch(client, partner, let_in(an_browser, partner)).get_json()
    user_id = session.scalars(select(User.id).where(User.email.like("manager@%"))).one()
    users.set_active(session, user_id, False)
    assert call(client, body["access_token"]).status_code == 401
    assert renew(client, partner, body["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_two_people_of_one_app_do_not_share_idempotency_keys(
    client: FlaskClient, sign_in_as: Callable[..., FlaskClient], partner: App, shop: Shop
) -> None:
    tokens = [
        fetch(client, partner, let_in(sign_in_as(role), partner)).get_json()["access_token"]
        for role in ("manager", "frontdesk")
    ]
    wish = {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": "2026-03-02T11:00:00+08:00",
        "customer": {"name": "王小明", "phone": "13812345678"},
    }
    answers = [
        client.post(
            "/api/v1/bookings", json=wish, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
        )
        for token in tokens
    ]
    assert "Idempotent-Replay" not in answers[1].headers


def test_programs_find_out_where_to_go(client: FlaskClient, tenant: TenantContext) -> None:
    found = client.get("/.well-known/oauth-authorization-server").get_json()
    here = f"http://{tenant.host}:8000"
    assert found["issuer"] == here
    assert found["authorization_endpoint"] == f"{here}/authorize"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["authorization_response_iss_parameter_supported"] is True
    assert set(found["scopes_supported"]) == {"booking", "booking.read", "customers", "customers.read", "settings"}


def test_codes_and_tokens_are_kept_as_hashes_only(
    client: FlaskClient, session: Session, an_browser: FlaskClient, partner: App
) -> None:
    code = let_in(an_browser, partner)
    assert code not in session.scalars(select(OAuthConsent.code_hash)).all()
    assert partner[1] not in session.scalars(select(OAuthClient.secret_hash)).all()
