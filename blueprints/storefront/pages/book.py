"""Choosing branch, service and time. Links and addresses until a time is chosen; a form then keeps it."""

from __future__ import annotations

from functools import partial

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import NobodyCan, UnknownBooking
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView, UnknownService
from blueprints.staff.api import UnknownPerson
from blueprints.storefront import queries, service, tickets
from blueprints.storefront.errors import BadChoice, BadDay
from blueprints.storefront.pages.frame import (
    PAGES,
    PER_MINUTE,
    WHY_OPEN,
    alternatives,
    asked,
    entered,
    once,
    page,
    problem,
    read_wish,
    see,
)
from blueprints.storefront.tickets import Ticket
from shopbell import clock, ids
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _

HOLD_COOKIE = "hold"
HOLD_SECONDS = 600


@PAGES.get("/")
@open_to_all(WHY_OPEN)
def start() -> Response:
    """The branches of the chain; a chain with one begins with its services."""
    session = current_session()
    branches = catalog.branches(session)
    if len(branches) == 1:
        return services_page(branches[0], alone=True)
    return page("start.html", branches=branches, states=catalog.states(session, branches, clock.now()))


@PAGES.get("/book/<branch_slug>")
@open_to_all(WHY_OPEN)
def services(branch_slug: str) -> Response:
    session = current_session()
    branch = catalog.branch_by_slug(session, branch_slug)
    return services_page(branch, alone=len(catalog.branches(session)) == 1)


def services_page(branch: BranchView, *, alone: bool) -> Response:
    session = current_session()
    groups: dict[str, list[ServiceView]] = {}
    for offered in queries.services_at(session, branch):
        groups.setdefault(offered.category, []).append(offered)
    state = catalog.states(session, [branch], clock.now())[branch.id]
    return page("services.html", branch=branch, groups=list(groups.values()), state=state, alone=alone)


@PAGES.get("/book/<branch_slug>/<service_slug>")
@open_to_all(WHY_OPEN)
def times(branch_slug: str, service_slug: str) -> Response:
    try:
        branch, chosen = place(branch_slug, service_slug)
        return times_page(branch, chosen, asked("day"), asked("staff"))
    except (UnknownService, NobodyCan) as error:
        return problem(error, url_for(".services", branch_slug=branch_slug), _("See all services"))
    except (BadDay, UnknownPerson) as error:
        return choose_again(error, branch, chosen)


@PAGES.post("/book/<branch_slug>/<service_slug>")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
def choose(branch_slug: str, service_slug: str) -> Response:
    """Keep the chosen time and go on to the details."""
    branch, chosen = place(branch_slug, service_slug)
    try:
        token = kept_token(branch, chosen)
    except BadChoice as error:
        return choose_again(error, branch, chosen)
    except DomainError as refusal:
        return times_page(branch, chosen, refused_day(branch), "", refusal)
    response = see(url_for(".details", branch_slug=branch_slug, service_slug=service_slug, hold=token))
    response.set_cookie(
        HOLD_COOKIE, token, max_age=HOLD_SECONDS, path="/book", httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def place(branch_slug: str, service_slug: str) -> tuple[BranchView, ServiceView]:
    """Raises UnknownBranch, UnknownService."""
    session = current_session()
    return catalog.branch_by_slug(session, branch_slug), queries.service_by_slug(session, service_slug)


def kept_token(branch: BranchView, chosen: ServiceView) -> str:
    """The ticket of the chosen time, kept once for a double click on one page (its `visit`). Without a visit it is
    kept anew: nobody may be given what somebody else has chosen.

    Raises BadChoice, SlotTaken and its relatives.
    """
    session, wanted, visit = current_session(), entered("start"), entered("visit")[:40]
    before = tickets.read_or_none(request.cookies.get(HOLD_COOKIE))
    keep = partial(service.choose, session, branch, chosen, read_wish(wanted), before)
    if not visit:
        return keep().signed()
    token = once(f"choose:{visit}:{wanted}"[:150], lambda: keep().signed())
    return token if still_kept(session, token) else keep().signed()


def still_kept(session: Session, token: str) -> bool:
    """Whether the time of a ticket is still kept, or became an appointment."""
    ticket = tickets.read_or_none(token)
    if ticket is None or booking.held(session, ticket.hold_id):
        return ticket is not None
    try:
        booking.details(session, ticket.hold_id)
    except UnknownBooking:
        return False
    return True


def refused_day(branch: BranchView) -> str:
    """The day to show after a refusal: the one that was tried when it can be shown, else the first free one."""
    day = asked("day")
    try:
        queries.wanted_day(branch, day)
    except BadDay:
        return ""
    return day


def times_page(
    branch: BranchView, chosen: ServiceView, day: str, staff_id: str, refusal: DomainError | None = None
) -> Response:
    """The free times. Raises BadDay, UnknownPerson."""
    if not branch.is_open:
        return page("closed.html", branch=branch)
    return page(
        "times.html",
        refusal.status if refusal else 200,
        branch=branch,
        service=chosen,
        view=queries.times(current_session(), branch, chosen, day, staff_id),
        kept=kept_already(branch, chosen),
        refusal=refusal,
        offers=alternatives(refusal) if refusal else [],
        visit=ids.uuid7(),
    )


def kept_already(branch: BranchView, chosen: ServiceView) -> Ticket | None:
    """The time that is being kept for this browser, so that going back does not look like losing it."""
    ticket = tickets.read_or_none(request.cookies.get(HOLD_COOKIE))
    if ticket is None or (ticket.branch_id, ticket.service_id) != (branch.id, chosen.id):
        return None
    return ticket if booking.held(current_session(), ticket.hold_id) else None


def choose_again(error: DomainError, branch: BranchView, chosen: ServiceView) -> Response:
    again = url_for("storefront.times", branch_slug=branch.slug, service_slug=chosen.slug)
    return problem(error, again, _("See the next free times"), branch=branch)
