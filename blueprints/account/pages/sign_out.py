"""Signing out: here, in one browser, or everywhere."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from blueprints.account.errors import UnknownSession
from blueprints.account.known import SESSION, presence
from blueprints.account.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, for_customers
from blueprints.account.service import sessions
from blueprints.crm.api import Contact
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.pages import see


@PAGES.post("/sign-out")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
def sign_out() -> Response:
    here = presence()
    if here:
        sessions.end(current_session(), here.customer_id, here.session_id)
    return signed_out()


@PAGES.post("/sessions/end")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
@for_customers
def sign_out_everywhere(me: Contact) -> Response:
    sessions.end_all(current_session(), me.id)
    return signed_out()


@PAGES.post("/sessions/<uuid:session_id>/end")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
def end_session(session_id: UUID) -> Response:
    """Another browser of one's own. Raises UnknownSession, also when nobody is signed in."""
    here = presence()
    if here is None or not sessions.end(current_session(), here.customer_id, session_id):
        raise UnknownSession
    return see(url_for(".details", saved="session"))


def signed_out() -> Response:
    response = see(url_for("storefront.start"))
    SESSION.take_back(response)
    return response
