"""Sending a browser to a provider, and making sure of what it comes back with (OpenID Connect Core 1.0, 3.1)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError

from blueprints.access.oidc.discovery import Endpoints, decoded_token, discover
from blueprints.access.oidc.outside import Refusal, Wire, ask
from blueprints.access.oidc.people import Person, groups, person
from shopbell import crypto

SCOPES = "openid profile email"
SKEW_SECONDS = 60
"""By how much the provider's clock may be wrong."""


@dataclass(frozen=True)
class Connection:
    """How this chain is registered with a provider, and in which claim its groups are found."""

    issuer: str
    client_id: str
    secret: str
    scopes: str
    groups_claim: str
    redirect_uri: str


@dataclass(frozen=True)
class Sent:
    """A browser that was sent to the provider: its own secret, which never leaves it, and the state it carries along.

    What only that browser can come back with is made of both, so nothing of it has to be stored.
    """

    secret: str
    state: str

    @property
    def nonce(self) -> str:
        return crypto.hash_token(f"nonce {self.secret} {self.state}")

    @property
    def verifier(self) -> str:
        return crypto.hash_token(f"verifier {self.secret} {self.state}")


def address(connection: Connection, sent: Sent) -> str:
    """Where to send the browser. Raises Refusal."""
    endpoints = discover(connection.issuer)
    found: tuple[str, str] = _client(connection, endpoints).create_authorization_url(
        endpoints.authorization, state=sent.state, code_verifier=sent.verifier, nonce=sent.nonce
    )
    return found[0]


def redeem(connection: Connection, sent: Sent, answer: Mapping[str, str], *, at: datetime) -> Person:
    """Who came back, by the code in the answer's query. Raises Refusal for whatever is not as it has to be."""
    endpoints = discover(connection.issuer)
    named = answer.get("iss")
    if named != connection.issuer and (named is not None or endpoints.names_itself):
        raise Refusal("mixed_up", named or "")
    if answer.get("error"):
        raise Refusal("turned_away", answer["error"])
    if not answer.get("code"):
        raise Refusal("no_code")
    token = _token(connection, endpoints, sent, answer["code"])
    claims = _checked(connection, endpoints, token, sent.nonce, at)
    return person({**_told(connection, endpoints, token, claims), **claims}, connection.groups_claim, token["id_token"])


def goodbye(connection: Connection, id_token: str, back: str) -> str:
    """Where somebody signs out of the provider, too; empty when it has no such place. Raises Refusal."""
    endpoints = discover(connection.issuer)
    if not endpoints.goodbye:
        return ""
    known = [("id_token_hint", id_token)] if id_token else []
    wishes = [*known, ("client_id", connection.client_id), ("post_logout_redirect_uri", back)]
    found: str = add_params_to_uri(endpoints.goodbye, wishes)
    return found


def _client(connection: Connection, endpoints: Endpoints) -> Any:
    method = "client_secret_basic" if endpoints.by_header else "client_secret_post"
    client: Any = OAuth2Client(
        Wire(),
        connection.client_id,
        connection.secret,
        scope=" ".join(dict.fromkeys((*SCOPES.split(), *connection.scopes.split()))),
        redirect_uri=connection.redirect_uri,
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
    )
    client.register_client_auth_method(("client_secret_basic", _in_header))
    return client


def _in_header(client: Any, _method: str, uri: str, headers: dict[str, str], body: str) -> tuple[str, Any, str]:
    """Id and secret are written as in a form before they are joined (RFC 6749, 2.3.1), which Authlib leaves out."""
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return uri, headers, body


def _token(connection: Connection, endpoints: Endpoints, sent: Sent, code: str) -> dict[str, Any]:
    wanted = {"code": code, "redirect_uri": connection.redirect_uri, "code_verifier": sent.verifier}
    try:
        client = _client(connection, endpoints)
        token = client.fetch_token(endpoints.token, grant_type="authorization_code", **wanted)
    except OAuth2Error as error:
        raise Refusal("code_refused", str(error.error)) from None
    if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
        raise Refusal("no_token")
    return dict(token)


def _checked(
    connection: Connection, endpoints: Endpoints, token: Mapping[str, Any], nonce: str, at: datetime
) -> dict[str, Any]:
    """The claims of the ID token: signed by the provider, for us, for this very visit, and now."""
    try:
        decoded = decoded_token(endpoints, token["id_token"])
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": connection.issuer},
                "aud": {"essential": True, "value": connection.client_id},
            },
            {"nonce": nonce, "client_id": connection.client_id, "access_token": token["access_token"]},
        )
        claims.validate(now=int(at.timestamp()), leeway=SKEW_SECONDS)
    except ExpiredTokenError:
        raise Refusal("expired") from None
    except (InvalidClaimError, MissingClaimError) as error:
        raise Refusal("claim", error.description) from None
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refusal("signature", getattr(error, "error", "")) from None
    return dict(claims)


def _told(
    connection: Connection, endpoints: Endpoints, token: Mapping[str, Any], claims: Mapping[str, Any]
) -> dict[str, Any]:
    """What else the provider tells of the person, asked only when the ID token leaves something open."""
    complete = claims.get("name") and claims.get("email") and groups(claims, connection.groups_claim)
    if complete or not endpoints.people:
        return {}
    answer = ask("GET", endpoints.people, {"Authorization": f"Bearer {token['access_token']}"})
    answer.raise_for_status()
    if answer.document.get("sub") != claims["sub"]:
        raise Refusal("other_person")
    return answer.document
