"""Whom a browser belongs to, as far as it has shown that."""

from __future__ import annotations

from datetime import timedelta

from blueprints.account import rules
from blueprints.account.service import sessions
from blueprints.account.service.sessions import Presence
from blueprints.crm import api as crm
from blueprints.crm.api import Contact, UnknownCustomer
from shopbell import clock
from shopbell.http.context import current_session, this_g
from shopbell.http.cookies import Cookie
from shopbell.http.framing import framed

SESSION = Cookie("customer", rules.ABSOLUTE)
PROOF = Cookie("customer-code", timedelta(hours=1))


def presence() -> Presence | None:
    """The session of this browser, looked up once in a request. In a frame nobody is signed in: another site could lay
    its own page over ours."""
    carried = this_g()
    if "presence" not in carried:
        token = None if framed() else SESSION.read()
        carried.presence = sessions.resume(current_session(), token, at=clock.now()) if token else None
    found: Presence | None = carried.presence
    return found


def known() -> Contact | None:
    """The customer signed in in this browser."""
    carried = this_g()
    if "customer" not in carried:
        here = presence()
        try:
            carried.customer = crm.contact(current_session(), here.customer_id) if here else None
        except UnknownCustomer:
            carried.customer = None
    found: Contact | None = carried.customer
    return found
