"""What an app asks a signed-in person for, and what it is told."""

from __future__ import annotations

from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.errors import OAuth2Error
from flask import Response

from blueprints.access.oauth.metadata import issuer
from blueprints.access.oauth.server import server
from blueprints.access.service.consents import Lent


def asked() -> Any:
    """The grant the app asks for. Raises OAuth2Error; only one with a redirect_uri may be told to the app."""
    return server().get_consent_grant()


def answered(grant: Any, lent: Lent | None) -> Response:
    """Back to the app with a code, or with "no" when nothing is lent."""
    return _with_issuer(server().create_authorization_response(grant.request, grant_user=lent, grant=grant))


def refused(error: OAuth2Error) -> Response:
    """Back to the app with what was wrong with what it asked for."""
    return _with_issuer(server().handle_error_response(None, error))


def _with_issuer(response: Any) -> Response:
    """RFC 9207: an app that serves several chains sees which one answers."""
    if response.location:
        response.location = add_params_to_uri(response.location, {"iss": issuer()})
    found: Response = response
    return found
