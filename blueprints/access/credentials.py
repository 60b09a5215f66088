"""What a request proves itself by: the Authorization header, or cookies."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import Authorization

from blueprints.access import rules
from blueprints.access.service import Browser, Origin
from blueprints.access.service.desk import Device
from shopbell.http.app import SAFE
from shopbell.http.context import client_address, this_request
from shopbell.http.cookies import Cookie


def authorization() -> Authorization | None:
    """The Authorization header, or None without one that can be read: Werkzeug stumbles over bytes beyond ASCII."""
    try:
        return this_request().authorization
    except ValueError:
        return None


SESSION = Cookie("session", rules.ABSOLUTE)
STEP = Cookie("sign-in", rules.STEP_LIFE)
VISIT = Cookie("visit", rules.STEP_LIFE)
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
    asked = this_request()
    if not asked.path.startswith("/api/"):
        return True
    return asked.method not in SAFE and b'"ops":[]' not in asked.get_data(cache=True)
