"""Programs as Authlib wants to see them, and how they prove who they are."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import OAuth2Error
from flask import request

from blueprints.access import credentials, service
from shopbell import clock
from shopbell.http.context import current_session

METHODS = ("client_secret_basic", "client_secret_post")
ENDPOINTS = ("token", "revocation", "introspection")
BY_ITSELF = ("client_credentials",)
FOR_PEOPLE = ("authorization_code", "refresh_token")
GRANTS = (*BY_ITSELF, *FOR_PEOPLE)


class ApiClient(ClientMixin):
    """A registered program as Authlib wants to see it. Without one, no secret is ever right: guesses look alike."""

    def __init__(self, known: service.Client | None) -> None:
        self.known = known

    def get_client_id(self) -> str:
        return self.known.client_id if self.known else ""

    def get_default_redirect_uri(self) -> Any:
        """None: each request names its own, and one that is left out is not guessed."""
        return None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return self.known is not None and redirect_uri in self.known.redirect_uris

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_client_secret(self, client_secret: str) -> bool:
        return self.known is not None and self.known.has_secret(client_secret, clock.now())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint in ENDPOINTS and method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return self.known is not None and grant_type in (FOR_PEOPLE if self.known.redirect_uris else BY_ITSELF)

    def get_allowed_scope(self, scope: Any) -> Any:
        """All the client's scopes when none is named; None (refused) when one is not the client's."""
        allowed = self.known.scopes if self.known else ()
        wanted = scope.split() if scope else list(allowed)
        return " ".join(sorted(set(wanted))) if set(wanted) <= set(allowed) else None


def find_client(client_id: str) -> ApiClient:
    return ApiClient(service.client(current_session(), client_id))


def authenticate_basic(query_client: Any, _token_request: OAuth2Request) -> ApiClient | None:
    """The Authorization header, read with care: Authlib's own reader fails on bytes that are not text."""
    client_id, secret = basic_credentials()
    if client_id is None or secret is None:
        return None
    client: ApiClient = query_client(client_id)
    return client if client.check_client_secret(secret) else None


def basic_credentials() -> tuple[str | None, str | None]:
    """Client id and secret, each form-encoded as RFC 6749, section 2.3.1 has it."""
    header = credentials.authorization()
    if header is None or header.type != "basic":
        return None, None
    return unquote_plus(header.username or ""), unquote_plus(header.password or "")


def named_client() -> str:
    """The client id the request claims, by whichever of the two ways; empty when it names none."""
    return basic_credentials()[0] or request.form.get("client_id", "")


def check_form() -> None:
    """What Authlib leaves unchecked. Raises OAuth2Error as RFC 6749, section 5.2 names them."""
    if any(len(values) > 1 for _, values in request.form.lists()):
        raise OAuth2Error("A parameter was sent more than once.", error="invalid_request")
    if basic_credentials()[0] is not None and "client_secret" in request.form:
        raise OAuth2Error("Send the secret in the header or in the form, not in both.", error="invalid_request")


def check_grant() -> None:
    """Raises OAuth2Error unless the form names a grant type that there is."""
    grant = request.form.get("grant_type")
    if grant is None:
        raise OAuth2Error("Send a form with grant_type=client_credentials.", error="invalid_request")
    if grant not in GRANTS:
        raise OAuth2Error(f"The grant types here are {', '.join(GRANTS)}.", error="unsupported_grant_type")
