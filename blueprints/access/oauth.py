"""Authlib's authorization server, with the one grant we offer: client credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import unquote_plus

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, OAuth2Error
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from flask import Flask, Request, request

from blueprints.access import credentials, rules, service
from shopbell import clock, crypto
from shopbell.http.context import application, current_session

EXTENSION = "access.oauth"
GRANT = "client_credentials"
METHODS = ("client_secret_basic", "client_secret_post")


class ApiClient(ClientMixin):
    """A registered program as Authlib wants to see it. Without one, no secret is ever right: guesses look alike."""

    def __init__(self, known: service.Client | None) -> None:
        self.known = known

    def get_client_id(self) -> str:
        return self.known.client_id if self.known else ""

    def check_client_secret(self, client_secret: str) -> bool:
        expected = self.known.secret_hash if self.known else ""
        return hmac.compare_digest(expected, crypto.hash_token(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == GRANT

    def get_allowed_scope(self, scope: Any) -> Any:
        """All the client's scopes when none is named; None (refused) when one is not the client's."""
        allowed = self.known.scopes if self.known else ()
        wanted = scope.split() if scope else list(allowed)
        return " ".join(sorted(set(wanted))) if set(wanted) <= set(allowed) else None


class Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = list(METHODS)


class TokenRequest(FlaskOAuth2Request):
    """Authlib refuses plain http by what the address says; whether TLS is needed is decided by our settings."""

    def __init__(self, incoming: Request, uri: str) -> None:
        headers: Any = incoming.headers
        OAuth2Request.__init__(self, incoming.method, uri, None, headers)
        self._request = incoming
        self.payload = FlaskOAuth2Payload(incoming)


class WrongClient(InvalidClientError):
    """One answer for an unknown id and a wrong secret, with the challenge that HTTP asks for."""

    status_code = 401
    description = "The client id and the secret do not belong together."

    def get_headers(self) -> list[tuple[str, str]]:
        return [*OAuth2Error.get_headers(self), ("WWW-Authenticate", 'Basic realm="shopbell"')]


class Server(AuthorizationServer):
    """The token endpoint, storing opaque tokens in the tenant's schema within the request's transaction."""

    def handle_error_response(self, token_request: Any, error: Any) -> Any:
        wrong_client = isinstance(error, InvalidClientError)
        return super().handle_error_response(token_request, WrongClient() if wrong_client else error)

    def create_oauth2_request(self, incoming: Any) -> TokenRequest:
        """Outside production plain http will do. Raises InsecureTransportError, an OAuth2Error."""
        secure = credentials.over_tls() or not application().settings.is_production
        uri = f"https://{request.host}{request.path}" if secure else f"http://{request.host}{request.path}"
        return TokenRequest(request, uri)


def install(app: Flask) -> None:
    """Give the application its authorization server."""
    server = Server(app, query_client=find_client, save_token=store_token)
    lifetime = int(rules.TOKEN_LIFE.total_seconds())
    server.register_token_generator(
        "default",
        BearerTokenGenerator(lambda **_: crypto.new_token(), expires_generator=lambda client, grant: lifetime),
    )
    server.register_client_auth_method("client_secret_basic", authenticate_basic)
    server.register_grant(Grant)
    app.extensions[EXTENSION] = server


def find_client(client_id: str) -> ApiClient:
    return ApiClient(service.client(current_session(), client_id))


def store_token(token: dict[str, Any], token_request: Any) -> None:
    pk = token_request.client.known.id
    factor = application().settings.rate_limit_factor
    scopes = token["scope"].split()
    service.issue(current_session(), pk, scopes, token["access_token"], factor=factor, at=clock.now())


def authenticate_basic(query_client: Any, token_request: OAuth2Request) -> ApiClient | None:
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
    grant = request.form.get("grant_type")
    if grant is None:
        raise OAuth2Error("Send a form with grant_type=client_credentials.", error="invalid_request")
    if grant != GRANT:
        raise OAuth2Error("The only grant type here is client_credentials.", error="unsupported_grant_type")
