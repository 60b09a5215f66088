"""What a request proves itself by: the Authorization header, or the session cookie.

The cookie is out of reach of scripts, not sent with other sites' forms, and bound to this host over TLS.
"""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import Authorization

from blueprints.access import rules
from blueprints.access.service import Origin
from shopbell.http.app import SAFE
from shopbell.http.context import application, client_address


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


def origin() -> Origin:
    """Where the browser is, and what it says it is."""
    return Origin(client_address(), request.headers.get("User-Agent", ""))


def somebody_is_there() -> bool:
    """Whether a person asks: a board left alone fetches what is new by itself, and sends nothing that was done."""
    if not request.path.startswith("/api/"):
        return True
    sent = request.get_json(silent=True) if request.method not in SAFE else {}
    return isinstance(sent, dict) and bool(sent.get("ops", sent))


def session_token() -> str | None:
    return request.cookies.get(cookie_name())


def give(response: Response, token: str) -> None:
    seconds = int(rules.ABSOLUTE.total_seconds())
    response.set_cookie(
        cookie_name(), token, max_age=seconds, path="/", secure=over_tls(), httponly=True, samesite="Lax"
    )


def take_back(response: Response) -> None:
    response.delete_cookie(cookie_name(), path="/", secure=over_tls(), httponly=True, samesite="Lax")
