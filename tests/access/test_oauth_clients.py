"""Head office registers programs, gives them new secrets, and revokes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import OAuthClient
from shopbell import clock
from tests.support.world import Shop

pytestmark = pytest.mark.proves("T5")
WISH = {"name": "Till", "scopes": "booking", "reach": "all", "redirect_uris": ""}


@pytest.fixture
def hq(sign_in_as: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in_as("hq")


def shown(page: Any) -> tuple[str, str]:
    """The id and the secret that the page shows."""
    found = re.findall(r'<dd class="mono">([^<]+)</dd>', page.text)
    return found[0], found[1]


def token(client: FlaskClient, app: tuple[str, str]) -> Any:
    return client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=app)


def test_a_new_program_shows_its_secret_once(hq: FlaskClient, client: FlaskClient) -> None:
    page = hq.post("/hq/clients/new", data=WISH)
    assert page.status_code == 201
    assert page.headers["Cache-Control"] == "private, no-store"
    program = shown(page)
    assert token(client, program).get_json()["scope"] == "booking"
    listed = hq.get("/hq/clients").text
    assert program[0] in listed
    assert program[1] not in listed


def test_a_program_with_a_branch_limit_reaches_no_other(hq: FlaskClient, client: FlaskClient, shop: Shop) -> None:
    wish = {**WISH, "reach": "some", "branches": str(shop.branch_id)}
    body = token(client, shown(hq.post("/hq/clients/new", data=wish))).get_json()
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {body['access_token']}"}).get_json()
    assert me["branch_ids"] == [str(shop.branch_id)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": "everything"}, "scopes"),
        ({"scopes": ""}, "scopes"),
        ({"reach": "some"}, "branches"),
        ({"reach": "some", "branches": "01a201ac-4268-745a-a684-d9e287d0e03b"}, "branches"),
        ({"redirect_uris": "http://partner.example/back"}, "redirect_uris"),
        ({"redirect_uris": "https://partner.example/back#x"}, "redirect_uris"),
        ({"redirect_uris": "javascript:alert(1)"}, "redirect_uris"),
        ({"redirect_uris": "https://*.partner.example/"}, "redirect_uris"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    hq: FlaskClient, session: Session, changes: dict[str, str], field: str
) -> None:
    page = hq.post("/hq/clients/new", data={**WISH, **changes})
    assert page.status_code == 422
    assert f'href="#f-{field.replace("_", "-")}' in page.text or f'id="f-{field}' in page.text
    assert session.scalar(select(func.count()).select_from(OAuthClient)) == 0


def test_both_secrets_are_taken_for_a_day(hq: FlaskClient, client: FlaskClient, session: Session) -> None:
    old = shown(hq.post("/hq/clients/new", data=WISH))
    pk = session.scalars(select(OAuthClient.id)).one()
    new = shown(hq.post(f"/hq/clients/{pk}/secret"))
    assert new[0] == old[0]
    assert [token(client, secret).status_code for secret in (old, new)] == [200, 200]
    with clock.frozen(clock.now() + rules.BOTH_SECRETS - timedelta(seconds=1)):
        assert token(client, old).status_code == 200
    with clock.frozen(clock.now() + rules.BOTH_SECRETS):
        assert [token(client, secret).status_code for secret in (old, new)] == [401, 200]


def test_a_secret_that_leaked_can_be_ended_at_once(hq: FlaskClient, client: FlaskClient, session: Session) -> None:
    old = shown(hq.post("/hq/clients/new", data=WISH))
    pk = session.scalars(select(OAuthClient.id)).one()
    new = shown(hq.post(f"/hq/clients/{pk}/secret"))
    assert hq.post(f"/hq/clients/{pk}/secret/removal").status_code == 303
    assert [token(client, secret).status_code for secret in (old, new)] == [401, 200]


def test_a_revoked_program_is_refused(hq: FlaskClient, client: FlaskClient, session: Session) -> None:
    program = shown(hq.post("/hq/clients/new", data=WISH))
    pk = session.scalars(select(OAuthClient.id)).one()
    assert hq.post(f"/hq/clients/{pk}/removal").status_code == 303
    assert token(client, program).status_code == 401
    assert hq.post(f"/hq/clients/{pk}/secret").status_code == 404
    assert program[0] not in hq.get("/hq/clients").text


def test_managers_register_no_programs(sign_in_as: Callable[..., FlaskClient], session: Session) -> None:
    manager = sign_in_as("manager")
    assert manager.get("/hq/clients").status_code == 403
    assert manager.post("/hq/clients/new", data=WISH).status_code == 403
    assert session.scalar(select(func.count()).select_from(OAuthClient)) == 0
