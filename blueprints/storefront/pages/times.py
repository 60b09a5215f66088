"""The time page of a single service and of a whole visit, and what happens when a time is pressed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flask import Response, url_for

from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.catalog.api import BranchView
from blueprints.storefront import queries, service, tickets
from blueprints.storefront.errors import BadChoice, BadDay
from blueprints.storefront.pages.frame import alternatives, asked, entered, once, page, problem, read_wish, there, whole
from blueprints.storefront.pages.paths import build_address, details_address, times_address, times_at
from blueprints.storefront.queries import Offer, Visit
from blueprints.storefront.tickets import Ticket
from blueprints.storefront.tier import known_tier
from shopbell import ids
from shopbell.errors import DomainError
from shopbell.http import current_session
from shopbell.http.cookies import Cookie
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext
from shopbell.pages import see

HOLD = Cookie("hold", timedelta(minutes=10), longest=3000, plain_path="/book")
"""The ticket of the time that is kept for a browser; that of a visit of many services is long."""


def times_page(offer: Offer, visit: Visit, day: str, refusal: DomainError | None = None) -> Response:
    """The free times. Raises BadDay, UnknownPerson, NobodyCan."""
    branch, only = visit.branch, visit.only
    if not branch.is_open:
        return page("closed.html", branch=branch)
    endpoint, route = times_at(visit)
    return page(
        "times.html",
        refusal.status if refusal else 200,
        branch=branch,
        visit=visit,
        view=queries.visit_times(current_session(), visit, day, tier=known_tier()[0], offer=offer),
        endpoint=endpoint,
        route=route,
        more=build_address(branch.slug, visit.plan),
        kept=kept_already(visit),
        details_address=details_address,
        refusal=refusal,
        offers=alternatives(refusal) if refusal else [],
        hidden={"visit": ids.uuid7()},
        only=only,
        back=back_from(visit),
        lines=queries.lines_of(visit),
        visit_name=name_of(visit),
        waitlist=waitlist_address(visit, day),
    )


def name_of(visit: Visit) -> str:
    """How many services for how many people."""
    services, guests = len(visit.choices), len(visit.guests)
    what = ngettext("%(n)s service", "%(n)s services", services)
    who = ngettext("%(n)s person", "%(n)s people", guests)
    return f"{what} · {who}" if guests > 1 else what


def back_from(visit: Visit) -> str:
    """To the page before: the options of a service that has any, else all services, or the building of the visit."""
    slug, only = visit.branch.slug, visit.only
    if only is None:
        return build_address(slug, visit.plan)
    staff_id = only.person.id if only.person else None
    if only.service.options:
        return url_for("storefront.times", branch_slug=slug, service_slug=only.service.slug, staff=staff_id)
    return url_for("storefront.services", branch_slug=slug)


def waitlist_address(visit: Visit, day: str) -> str | None:
    """Where to wait for a time for the whole visit."""
    first, only = visit.choices[0], visit.only
    place = {"branch": visit.branch.slug, "service": first.service.slug, "day": day or None}
    if only is None:
        return there("waitlist.join", **place, **visit.plan.address)
    return there(
        "waitlist.join",
        **place,
        options=[str(option.id) for option in only.options] or None,
        staff=only.person.id if only.person else None,
    )


def keep(offer: Offer, visit: Visit) -> Response:
    """Keep the pressed time and go on to the details, or show the times again with what stands in the way."""
    try:
        token = kept_token(visit)
    except BadChoice as error:
        return choose_again(error, visit.branch, times_address(visit))
    except DomainError as refusal:
        return times_page(offer, visit, refused_day(visit.branch), refusal)
    response = see(details_address(visit, token))
    HOLD.give(response, token)
    return response


def kept_token(visit: Visit) -> str:
    """The ticket of the chosen time, kept once for a double click on one page (its `visit`). Without a visit it is
    kept anew: nobody may be given what somebody else has chosen.

    Raises BadChoice, SlotTaken and its relatives.
    """
    session, wanted, shown = current_session(), entered("start"), entered("visit")[:40]
    before = tickets.read_or_none(HOLD.read())
    take = partial(service.choose, session, visit, read_wish(wanted), before, known_tier())
    if not shown:
        return whole(take).signed()
    return once(f"choose:{shown}:{wanted}"[:150], lambda: take().signed(), stands=still_kept)


def still_kept(token: str) -> bool:
    """Whether the time of a ticket is still kept, or became an appointment."""
    session, ticket = current_session(), tickets.read_or_none(token)
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


def kept_already(visit: Visit) -> Ticket | None:
    """The time that is being kept for this browser, so that going back does not look like losing it."""
    ticket = tickets.read_or_none(HOLD.read())
    if ticket is None or not ticket.is_for(visit.branch.id, visit.asked):
        return None
    return ticket if booking.held(current_session(), ticket.hold_id) else None


def choose_again(error: DomainError, branch: BranchView, address: str) -> Response:
    return problem(error, address, _("See the next free times"), branch=branch)
