"""What a request proves itself by: the Authorization header, or cookies.

The cookies are out of reach of scripts, not sent with other sites' forms, and bound to this host over TLS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request
from werkzeug.datastructures import Authorization

from blueprints.access import rules
from blueprints.access.service import Browser, Origin
from blueprints.access.service.desk import Device
from shopbell.http.app import SAFE
from shopbell.http.context import application, client_address

LONGEST_TOKEN = 200


def authorization() -> Authorization | None:
    """The Authorization header, or None without one that can be read: Werkzeug stumbles over bytes beyond ASCII."""
    try:
        return request.authorization
    except ValueError:
        return None


def over_tls() -> bool:
    """Whether people reach us by https, be it through a proxy that ends TLS before us."""
    return request.is_secure or application().settings.public_scheme == "https"


@dataclass(frozen=True)
class Cookie:
    """A secret that a browser keeps for us. Over TLS its prefix keeps neighbouring hosts from planting one."""

    name: str
    life: timedelta

    @property
    def full_name(self) -> str:
        return f"__Host-{self.name}" if over_tls() else self.name

    def read(self) -> str | None:
        token = request.cookies.get(self.full_name)
        return token if token and len(token) <= LONGEST_TOKEN else None

    def give(self, response: Response, token: str) -> None:
        seconds = int(self.life.total_seconds())
        response.set_cookie(
            self.full_name, token, max_age=seconds, path="/", secure=over_tls(), httponly=True, samesite="Lax"
        )

    def take_back(self, response: Response) -> None:
        response.delete_cookie(self.full_name, path="/", secure=over_tls(), httponly=True, samesite="Lax")


SESSION = Cookie("session", rules.ABSOLUTE)
STEP = Cookie("sign-in", rules.STEP_LIFE)
BROWSER = Cookie("browser", rules.BROWSER_KNOWN)
DEVICE = Cookie("device", rules.DEVICE_LIFE)


def session_token() -> str | None:
    return SESSION.read()


def origin() -> Origin:
    """Where the browser is, and what it says it is."""
    return Origin(client_address(), request.headers.get("User-Agent", ""))


def browser(device: Device | None) -> Browser:
    """Everything a browser brings along to a sign-in."""
    return Browser(origin(), SESSION.read(), BROWSER.read(), device.id if device else None)


def somebody_is_there() -> bool:
    """Whether a person asks: a board left alone fetches what is new by itself, and sends nothing that was done."""
    if not request.path.startswith("/api/"):
        return True
    return request.method not in SAFE and b'"ops":[]' not in request.get_data(cache=True)
