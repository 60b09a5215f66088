"""What a browser proves itself by at the operators' host: cookies of its own, worth nothing anywhere else."""

from __future__ import annotations

from flask import request

from blueprints.operator import rules
from blueprints.operator.permissions import PERMISSIONS
from blueprints.operator.service import entering
from blueprints.operator.service.entering import Browser
from blueprints.operator.service.records import Author
from shopbell import clock
from shopbell.auth import Grant, Principal
from shopbell.http import client_address, current_principal, current_session
from shopbell.http.context import own_host
from shopbell.http.cookies import Cookie
from shopbell.tenancy import OPERATORS_HOST

KIND = "operator"
SESSION = Cookie("operator", rules.ABSOLUTE)
STEP = Cookie("operator-step", rules.STEP_LIFE)
BROWSER = Cookie("operator-browser", rules.BROWSER_KNOWN)


def by_session() -> Principal | None:
    """An operator, at their own host alone."""
    token = SESSION.read() if own_host() == OPERATORS_HOST else None
    found = entering.resume(current_session(), token, at=clock.now()) if token else None
    if found is None:
        return None
    held = Grant(PERMISSIONS.held_by(frozenset({found.role})))
    return Principal(kind=KIND, id=found.id, name=found.name, role=found.role, grants=(held,))


def browser() -> Browser:
    return Browser(client_address(), BROWSER.read(), request.headers.get("User-Agent", ""))


def author() -> Author:
    """Whoever is signed in, as what they do is written down."""
    person = current_principal()
    return Author(person.id, person.name, client_address())
