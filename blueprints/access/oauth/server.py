"""The server that puts it together, storing opaque tokens in the tenant's schema within the request's transaction."""

from __future__ import annotations

from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, OAuth2Error
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from flask import Flask, Request, current_app, request

from blueprints.access import rules
from blueprints.access.oauth.clients import authenticate_basic, find_client
from blueprints.access.oauth.endpoints import Introspection, Revocation
from blueprints.access.oauth.grants import S256, AuthorizationCode, ClientCredentials, Refresh
from blueprints.access.service import consents, tokens
from shopbell import clock, crypto
from shopbell.http.context import application, current_session
from shopbell.http.cookies import over_tls

EXTENSION = "access.oauth"
AUTHORIZE = "/authorize"


class QueryPayload(FlaskOAuth2Payload):
    """What an app asks people for stands in the address alone: the form is what they answer."""

    @property
    def data(self) -> Any:
        return request.args


class TokenRequest(FlaskOAuth2Request):
    """Authlib refuses plain http by what the address says; whether TLS is needed is decided by our settings."""

    def __init__(self, incoming: Request, uri: str) -> None:
        headers: Any = incoming.headers
        OAuth2Request.__init__(self, incoming.method, uri, None, headers)
        self._request = incoming
        self.payload = QueryPayload(incoming) if incoming.path == AUTHORIZE else FlaskOAuth2Payload(incoming)


class WrongClient(InvalidClientError):
    """One answer for an unknown id and a wrong secret, with the challenge that HTTP asks for."""

    status_code = 401
    description = "The client id and the secret do not belong together."

    def get_headers(self) -> list[tuple[str, str]]:
        return [*OAuth2Error.get_headers(self), ("WWW-Authenticate", 'Basic realm="shopbell"')]


class Server(AuthorizationServer):
    def handle_error_response(self, token_request: Any, error: Any) -> Any:
        wrong_client = isinstance(error, InvalidClientError)
        return super().handle_error_response(token_request, WrongClient() if wrong_client else error)

    def create_oauth2_request(self, incoming: Any) -> TokenRequest:
        """Outside production plain http will do. Raises InsecureTransportError, an OAuth2Error."""
        secure = over_tls() or not application().settings.is_production
        uri = f"https://{request.host}{request.path}" if secure else f"http://{request.host}{request.path}"
        return TokenRequest(request, uri)


def install(app: Flask) -> None:
    """Give the application its authorization server."""
    found = Server(app, query_client=find_client, save_token=store_token)
    lifetime = int(rules.TOKEN_LIFE.total_seconds())
    generator = BearerTokenGenerator(
        lambda **_: crypto.new_token(), lambda **_: crypto.new_token(), lambda client, grant: lifetime
    )
    found.register_token_generator("default", generator)
    found.register_client_auth_method("client_secret_basic", authenticate_basic)
    found.register_grant(ClientCredentials)
    found.register_grant(AuthorizationCode, [S256()])
    found.register_grant(Refresh)
    found.register_endpoint(Revocation)
    found.register_endpoint(Introspection)
    app.extensions[EXTENSION] = found


def server() -> Server:
    found: Server = current_app.extensions[EXTENSION]
    return found


def store_token(token: dict[str, Any], token_request: Any) -> None:
    """Keep what is issued; with a consent as the request's user it is for the person who gave that, and the answer says
    how long it can be renewed."""
    session, at, consent = current_session(), clock.now(), token_request.user
    tokens.issue(
        session,
        token_request.client.known.id,
        token["scope"].split(),
        token["access_token"],
        factor=application().settings.rate_limit_factor,
        at=at,
        consent_id=consent.id if consent else None,
    )
    if consent:
        ends_at = consents.add_refresh_token(session, consent, token["refresh_token"], at=at)
        token["refresh_token_expires_in"] = int((ends_at - at).total_seconds())
