"""Moving and cancelling a visit by its signed link, within what was agreed."""

from __future__ import annotations

from flask import Response, url_for

from blueprints.booking.api import BookingDetails
from blueprints.catalog import api as catalog
from blueprints.catalog.api import UnknownOption, UnknownService
from blueprints.crm import api as crm
from blueprints.staff.api import UnknownPerson
from blueprints.storefront import queries, service
from blueprints.storefront.agreement import agreed_of
from blueprints.storefront.errors import BadChoice, BadDay, FeeNotConfirmed, NotMovable
from blueprints.storefront.pages.frame import (
    PAGES,
    PER_MINUTE,
    WHY_OPEN,
    alternatives,
    asked,
    entered,
    manage_token,
    page,
    problem,
    read_wish,
    there,
)
from blueprints.storefront.pages.manage import Appointment, by_link, guest_names, manage_page
from blueprints.storefront.queries import Offer, TimesView, Visit
from blueprints.storefront.standing import may_cancel
from blueprints.storefront.visits import read_id
from shopbell import clock
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import see


@PAGES.get("/m/<token>/move")
@open_to_all(WHY_OPEN)
@by_link
def move(it: Appointment) -> Response:
    """Other times for the same visit at the same branch."""
    if it.moving != "yes":
        return see(url_for(".manage", token=it.token))
    try:
        return move_page(it, asked("day") or it.day.isoformat(), asked("staff"))
    except (BadDay, UnknownPerson) as error:
        return choose_again(it, error)


@PAGES.post("/m/<token>/move")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
@by_link
def make_move(it: Appointment) -> Response:
    """Give the whole visit the chosen time. A second click changes nothing more."""
    try:
        moved = service.move(current_session(), it.first.id, read_wish(entered("start")))
    except BadChoice as error:
        return choose_again(it, error)
    except DomainError as refusal:
        if it.moving != "yes":
            return manage_page(it, refusal)
        return move_page(it, it.day.isoformat(), "", refusal)
    return see(url_for(".manage", token=manage_token(moved), moved=1))


def choose_again(it: Appointment, error: DomainError) -> Response:
    return problem(error, url_for(".move", token=it.token), _("See the next free times"), branch=it.branch)


def move_page(it: Appointment, day: str, staff_id: str, refusal: DomainError | None = None) -> Response:
    """The free times for a move. Raises BadDay, UnknownPerson."""
    branch = it.branch
    if not branch.is_open:
        return page("closed.html", branch=branch)
    try:
        view = free_times(it, queries.offer_of(current_session(), branch), day, staff_id)
    except (UnknownService, UnknownOption):
        refused = NotMovable(_("One of the services is no longer offered like this. Please call us."))
        return manage_page(it, refused)
    return page(
        "move.html",
        refusal.status if refusal else 200,
        it=it,
        branch=branch,
        service=it.service,
        lines=queries.lines_of_rows(current_session(), it.standing),
        view=view,
        agreed=agreed_of(it.standing, view.zone),
        refusal=refusal,
        offers=alternatives(refusal) if refusal else [],
        waitlist=sooner_address(it),
    )


def sooner_address(it: Appointment) -> str | None:
    """Where to wait for an earlier time for the whole visit; none when it is today."""
    if it.day <= clock.local_minutes(clock.now(), clock.zone(it.branch.time_zone))[0]:
        return None
    return there("waitlist.join", branch=it.branch.slug, service=it.service.slug, m=it.token)


def free_times(it: Appointment, offer: Offer, day: str, staff_id: str) -> TimesView:
    """When the visit fits as it is: with the same services, and with whoever was asked for by name.

    Raises BadDay, UnknownPerson, UnknownService, UnknownOption.
    """
    session, guests = current_session(), service.guests_of(it.standing)
    if len(it.standing) == 1:
        choice = queries.choice_of(
            offer, offer.service_of(it.first.service_id), it.first.options, queries.read_person(staff_id)
        )
        visit = Visit(it.branch, ((choice,),))
    else:
        visit = queries.visit_of_guests(offer, guests)
    tier = crm.tier(session, it.booking.customer_id) if it.booking.customer_id else 0
    without = tuple(row.id for row in it.standing)
    return queries.visit_times(session, visit, day, without, tier=tier, offer=offer)


@PAGES.get("/m/<token>/cancel")
@open_to_all(WHY_OPEN)
@by_link
def cancel(it: Appointment) -> Response:
    """Ask once before cancelling, and say what it costs: the time may be gone a minute later. ?part= names what of the
    visit is meant; without it, all of it."""
    part = part_asked(it)
    if part is None or not (may_be_cancelled(part) or (part == it.standing and it.parts)):
        return see(url_for(".manage", token=it.token))
    return cancel_page(it, part)


@PAGES.post("/m/<token>/cancel")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
@by_link
def make_cancellation(it: Appointment) -> Response:
    """Cancel the visit, or the part of it that is named; what costs something only with that sum confirmed."""
    part = part_asked(it)
    if part is None:
        return see(url_for(".manage", token=it.token))
    cost = it.cost(part).total_minor
    if may_cancel(part, clock.now()) == "fee" and cost and entered("fee") != str(cost):
        return cancel_page(it, part, FeeNotConfirmed(_("Confirm what it costs, or keep the appointment.")))
    rest = len(part) < len(it.standing)
    try:
        if rest:
            service.cancel_part(current_session(), [row.id for row in part])
        else:
            service.cancel(current_session(), it.first.id)
    except DomainError as refusal:
        return manage_page(it, refusal)
    return see(url_for(".manage", token=it.token, left=1 if rest else None))


def part_asked(it: Appointment) -> list[BookingDetails] | None:
    """The appointments of ?part=, all that stand without it; None when they are none of the visit's, or gone by now."""
    try:
        ids = {read_id(text) for text in asked("part").split(",") if text}
    except ValueError:
        return None
    part = [row for row in it.standing if row.id in ids] if ids else it.standing
    return part if len(part) == (len(ids) or len(part)) else None


def may_be_cancelled(part: list[BookingDetails]) -> bool:
    return may_cancel(part, clock.now()) in {"free", "fee"}


def cancel_page(it: Appointment, part: list[BookingDetails], refusal: DomainError | None = None) -> Response:
    zone, first = clock.zone(it.branch.time_zone), min(part, key=lambda row: row.starts_at)
    services = {service.id: service for service in catalog.services(current_session(), active_only=False)}
    whole, agreed = len(part) == len(it.standing), agreed_of(part, zone)
    return page(
        "cancel.html",
        refusal.status if refusal else 200,
        it=it,
        branch=it.branch,
        first=first,
        lines=queries.lines_of_rows(current_session(), part),
        names=guest_names(part),
        currency=it.booking.currency,
        cost=it.cost(part),
        deadline=agreed.terms.cancel_deadline(first.starts_at),
        free_until=agreed.terms.late_cancel_percent != 0,
        possible=may_be_cancelled(part),
        whole=whole,
        parts=[(one, [services[row.service_id] for row in one]) for one in it.parts] if whole else [],
        refusal=refusal,
    )
