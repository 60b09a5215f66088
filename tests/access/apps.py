"""What a partner's app does: it asks, is let in, fetches its tokens, renews them and calls."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.access.service import clients
from blueprints.registry import scopes

BACK = "https://partner.example/back"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
App = tuple[str, str]


def register(session: Session, *wishes: str, branch_ids: frozenset[UUID] | None = None) -> App:
    wish = clients.ClientInput("Partner", frozenset(wishes or ("booking", "customers.read")), (BACK,), branch_ids)
    return clients.add_client(session, wish, known=scopes(), branch_ids=branch_ids or frozenset())


def asking(app: App, **changes: str) -> dict[str, str]:
    query = {
        "response_type": "code",
        "client_id": app[0],
        "redirect_uri": BACK,
        "scope": "booking",
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**query, **changes}.items() if value}


def told(answer: Any) -> dict[str, str]:
    """What the app is told in the address it is answered at."""
    assert answer.status_code == 302, answer.text
    assert answer.location.startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def let_in(browser: FlaskClient, app: App, form: dict[str, Any] | None = None, **changes: str) -> str:
    query = asking(app, **changes)
    answer = browser.post("/authorize", query_string=query, data={"decision": "allow", **(form or {})})
    return told(answer)["code"]


def fetch(client: FlaskClient, app: App, code: str, **changes: str) -> Any:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return client.post("/oauth/token", data={**form, **changes}, auth=app)


def renew(client: FlaskClient, app: App, token: str) -> Any:
    return client.post("/oauth/token", data={"grant_type": "refresh_token", "refresh_token": token}, auth=app)


def call(client: FlaskClient, token: str, path: str = "/api/v1/me") -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {token}"})
