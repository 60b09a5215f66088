"""Ending a token (RFC 7009), and asking what one is worth (RFC 7662). A program learns of no token but its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from blueprints.access import identify
from blueprints.access.oauth.clients import METHODS, ApiClient
from blueprints.access.oauth.metadata import issuer
from blueprints.access.service import consents, tokens
from shopbell import clock
from shopbell.http.context import current_session
from shopbell.http.cookies import LONGEST_TOKEN


@dataclass(frozen=True)
class Shown:
    """A token that its own program has shown, and that is good."""

    scopes: frozenset[str]
    client_id: str
    sub: UUID | None
    issued_at: datetime
    expires_at: datetime
    kind: str = "Bearer"
    """Of an access token; a refresh token has none in RFC 6749."""

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


class Revocation(RevocationEndpoint):
    """Answers alike whether there was such a token or not. With a refresh token goes all that came of one consent."""

    CLIENT_AUTH_METHODS = list(METHODS)

    def authenticate_token(self, request: Any, client: ApiClient) -> str:
        self.check_params(request, client)
        return str(request.form["token"])

    def revoke_token(self, token: str, request: Any) -> None:
        session, known = current_session(), request.client.known
        if not tokens.end(session, known.id, token):
            consents.end_by_refresh_token(session, known.id, token)
        identify.forget(token)


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = list(METHODS)

    def query_token(self, token_string: str, token_type_hint: str | None) -> Shown | None:
        """Looks for both kinds, whatever the hint says."""
        session, at = current_session(), clock.now()
        if len(token_string) > LONGEST_TOKEN:
            return None
        bearer = tokens.bearer(session, token_string, at=at)
        if bearer:
            sub = bearer.account.id if bearer.account else None
            return Shown(bearer.scopes, bearer.client_id, sub, bearer.issued_at, bearer.expires_at)
        return None

    def check_permission(self, token: Shown, client: ApiClient, request: Any) -> bool:
        return token.client_id == client.get_client_id()

    def authenticate_token(self, request: Any, client: ApiClient) -> Shown | None:
        found: Shown | None = super().authenticate_token(request, client)
        if found or client.known is None:
            return found
        held = consents.renewable(current_session(), client.known.id, request.form["token"], at=clock.now())
        if held is None:
            return None
        scopes, app = frozenset(held.consent.scopes), client.known.client_id
        return Shown(scopes, app, held.consent.user_id, held.issued_at, held.expires_at, kind="")

    def introspect_token(self, token: Shown) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "active": True,
            "scope": " ".join(sorted(token.scopes)),
            "client_id": token.client_id,
            "iss": issuer(),
            "sub": str(token.sub) if token.sub else token.client_id,
            "iat": int(token.issued_at.timestamp()),
            "exp": int(token.expires_at.timestamp()),
        }
        return {**facts, "token_type": token.kind} if token.kind else facts
