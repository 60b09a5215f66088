"""What a request proves itself by: the Authorization header, or the session cookie.

The cookie is out of reach of scripts, not sent with other sites' forms, and bound to this host over TLS.
"""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import Authorization

from blueprints.access import rules
from shopbell.http.context import application


def authorization() -> Authorization | None:
    """The Authorization header, or None without one that can be read: Werkzeug stumbles over bytes beyond ASCII."""
    try:
        return request.authorization
    except ValueError:
        return None


def over_tls() -> bool:
    """Whether people reach us by https, be it through a proxy that ends TLS before us."""
    return request.is_secure or application().settings.public_scheme == "https"


def cookie_name() -> str:
    """Over TLS the __Host- prefix keeps neighbouring hosts from planting a session."""
    return "__Host-session" if over_tls() else "session"


def session_token() -> str | None:
    return request.cookies.get(cookie_name())


def give(response: Response, token: str) -> None:
    seconds = int(rules.ABSOLUTE.total_seconds())
    response.set_cookie(
        cookie_name(), token, max_age=seconds, path="/", secure=over_tls(), httponly=True, samesite="Lax"
    )


def take_back(response: Response) -> None:
    response.delete_cookie(cookie_name(), path="/", secure=over_tls(), httponly=True, samesite="Lax")
