"""The ticket on one's own phone. It renews itself without a script, by a header."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from flask import Response, url_for

from blueprints.arrivals import queries, service, tickets
from blueprints.arrivals.errors import CannotCheckIn, UnknownTicket
from blueprints.arrivals.pages.blueprint import PAGES, WHY_OPEN, page
from blueprints.arrivals.queries import Ticket
from blueprints.booking.api import NotPossible
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.pages import see

RENEWED_AFTER = {"waiting": 30, "called": 15, "coming": 60}
"""Seconds, by what the ticket shows; one that is over stands still."""
CHANGES_PER_MINUTE = 12


def by_ticket(view: Callable[[str, UUID], Response]) -> Callable[[str], Response]:
    """Read whose ticket it is; one that is none is explained."""

    @wraps(view)
    def opened(token: str) -> Response:
        try:
            return view(token, tickets.read(token))
        except UnknownTicket as error:
            return page("no_door.html", error.status, error=error, branches=catalog.branches(current_session()))

    return opened


@PAGES.get("/t/<token>")
@open_to_all(WHY_OPEN)
@by_ticket
def ticket(token: str, id_: UUID) -> Response:
    found = queries.ticket(current_session(), id_)
    response = ticket_page(token, found)
    if seconds := RENEWED_AFTER.get(found.stage):
        response.headers["Refresh"] = str(seconds)
    return response


@PAGES.get("/t/<token>/leave")
@open_to_all(WHY_OPEN)
@by_ticket
def leave(token: str, id_: UUID) -> Response:
    """Ask once: whoever leaves has to queue anew."""
    found = queries.ticket(current_session(), id_)
    if found.kind != "walk_in" or found.stage not in {"waiting", "called"}:
        return see(url_for(".ticket", token=token))
    return ticket_page(token, found, leaving=True)


@PAGES.post("/t/<token>/leave")
@open_to_all(WHY_OPEN)
@limited("ticket", per_minute=CHANGES_PER_MINUTE)
@by_ticket
def make_leave(token: str, id_: UUID) -> Response:
    session = current_session()
    if queries.ticket(session, id_).kind == "walk_in":
        try:
            service.leave(session, id_)
        except NotPossible:
            # They were seated this moment: the ticket says so.
            return see(url_for(".ticket", token=token))
    return see(url_for(".ticket", token=token))


@PAGES.get("/here/<token>")
@open_to_all(WHY_OPEN)
@by_ticket
def here(token: str, id_: UUID) -> Response:
    """ "I am here", for somebody with an appointment whose time is near."""
    found = queries.ticket(current_session(), id_)
    if found.stage != "coming":
        return see(url_for(".ticket", token=token))
    return ticket_page(token, found)


@PAGES.post("/here/<token>")
@open_to_all(WHY_OPEN)
@limited("check-in", per_minute=CHANGES_PER_MINUTE)
@by_ticket
def make_here(token: str, id_: UUID) -> Response:
    session = current_session()
    found = queries.ticket(session, id_)
    try:
        if found.kind == "booking":
            service.i_am_here(session, id_)
    except CannotCheckIn as refusal:
        return ticket_page(token, found, refusal=refusal)
    return see(url_for(".ticket", token=token))


def ticket_page(token: str, found: Ticket, *, leaving: bool = False, refusal: DomainError | None = None) -> Response:
    return page(
        "ticket.html",
        refusal.status if refusal else 200,
        token=token,
        it=found,
        branch=found.branch,
        at=clock.now(),
        minute=timedelta(minutes=1),
        leaving=leaving,
        refusal=refusal,
    )
