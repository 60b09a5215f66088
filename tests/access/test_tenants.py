"""What one chain hands out opens nothing at another."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import func, select

from blueprints.access import service
from blueprints.access.models import OAuthToken, UserSession
from shopbell.tenancy import TenantContext
from tests.access.conftest import EMAIL, PASSWORD

RIGHT = {"email": EMAIL, "password": PASSWORD}


def test_a_session_of_one_chain_is_nobody_at_the_other(
    client: FlaskClient, other_client: FlaskClient, tenant: TenantContext, other_tenant: TenantContext, an: UUID
) -> None:
    client.post("/sign-in", data=RIGHT)
    assert client.get("/api/v1/me").status_code == 200
    stolen = client.get_cookie("session", domain=tenant.host)
    assert stolen is not None
    other_client.set_cookie("session", stolen.value, domain=other_tenant.host)
    assert other_client.get("/api/v1/me").status_code == 401


def test_an_account_of_one_chain_cannot_sign_in_at_the_other(
    other_client: FlaskClient, database: Any, other_tenant: TenantContext, an: UUID
) -> None:
    assert other_client.post("/sign-in", data=RIGHT).status_code == 422
    with database.transaction(other_tenant) as elsewhere:
        assert elsewhere.scalar(select(func.count()).select_from(UserSession)) == 0


def test_a_token_of_one_chain_opens_nothing_at_the_other_even_when_just_seen(
    api_client: Callable[..., FlaskClient], other_client: FlaskClient
) -> None:
    program = api_client("booking")
    assert program.get("/api/v1/me").status_code == 200
    header = program.environ_base["HTTP_AUTHORIZATION"]
    refused = other_client.get("/api/v1/me", headers={"Authorization": header})
    assert (refused.status_code, refused.get_json()["code"]) == (401, "invalid_token")


def test_a_program_of_one_chain_gets_no_token_at_the_other(
    other_client: FlaskClient, database: Any, tenant: TenantContext, other_tenant: TenantContext
) -> None:
    with database.transaction(tenant) as session:
        credentials = service.create_client(session, "Till", ["booking"])
    answer = other_client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=credentials)
    assert answer.get_json()["error"] == "invalid_client"
    with database.transaction(other_tenant) as elsewhere:
        assert elsewhere.scalar(select(func.count()).select_from(OAuthToken)) == 0
