"""What programs can find out about the authorization server by themselves (RFC 8414)."""

from __future__ import annotations

from typing import Any

from flask import request

from blueprints.access.oauth.clients import GRANTS, METHODS
from shopbell.http.context import application
from shopbell.http.cookies import over_tls


def issuer() -> str:
    """The chain's own address, as the program sees it."""
    return f"{'https' if over_tls() else 'http'}://{request.host}"


def metadata() -> dict[str, Any]:
    here, methods = issuer(), list(METHODS)
    return {
        "issuer": here,
        "authorization_endpoint": f"{here}/authorize",
        "token_endpoint": f"{here}/oauth/token",
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": f"{here}/oauth/revoke",
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint": f"{here}/oauth/introspect",
        "introspection_endpoint_auth_methods_supported": methods,
        "service_documentation": f"{here}/api/v1/docs",
        "scopes_supported": list(application().scopes),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
