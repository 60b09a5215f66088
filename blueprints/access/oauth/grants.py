"""The grants: what a program has to show for a token."""

from __future__ import annotations

import re
from typing import Any

from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from blueprints.access.oauth.clients import METHODS, ApiClient
from blueprints.access.service import consents
from shopbell import clock, crypto
from shopbell.http.context import current_session

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Held:
    """A consent as Authlib wants to see a code or a refresh token."""

    def __init__(self, consent: consents.Consent, token: str = "") -> None:
        self.consent = consent
        self.token = token

    def get_redirect_uri(self) -> str:
        return self.consent.redirect_uri

    def get_scope(self) -> str:
        return " ".join(self.consent.scopes)

    def check_client(self, client: ApiClient) -> bool:
        return client.known is not None and client.known.id == self.consent.client_pk


class ClientCredentials(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = list(METHODS)


class AuthorizationCode(AuthorizationCodeGrant):
    """The user of a request to authorize is what they lend; that of a request for tokens is the consent."""

    TOKEN_ENDPOINT_AUTH_METHODS = list(METHODS)

    def generate_authorization_code(self) -> str:
        return crypto.new_token()

    def save_authorization_code(self, code: str, request: Any) -> None:
        lent, payload = request.user, request.payload
        consents.give(
            current_session(),
            request.client.known,
            lent,
            code,
            redirect_uri=payload.redirect_uri,
            challenge=payload.data["code_challenge"],
            at=clock.now(),
        )

    def query_authorization_code(self, code: str, client: Any) -> Held | None:
        consent = consents.of_code(current_session(), client.known.id, code, at=clock.now())
        return Held(consent) if consent else None

    def authenticate_user(self, authorization_code: Held) -> consents.Consent:
        return authorization_code.consent

    def delete_authorization_code(self, authorization_code: Held) -> None:
        consents.redeem(current_session(), authorization_code.consent, at=clock.now())


class Refresh(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = list(METHODS)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Any:
        client: Any = self.request.client
        consent = consents.of_refresh_token(current_session(), client.known.id, refresh_token, at=clock.now())
        return Held(consent, refresh_token) if consent else None

    def authenticate_user(self, refresh_token: Any) -> Any:
        return refresh_token.consent

    def revoke_old_credential(self, refresh_token: Any) -> None:
        consents.use_refresh_token(current_session(), refresh_token.consent, refresh_token.token, at=clock.now())


class S256(CodeChallenge):
    """PKCE, always, and never plain."""

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if data.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(data.get("code_challenge", "")):
            raise InvalidRequestError("Send a code_challenge with code_challenge_method=S256.")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge(self, authorization_code: Held) -> str:
        return authorization_code.consent.code_challenge

    def get_authorization_code_challenge_method(self, _authorization_code: Held) -> str:
        return "S256"
