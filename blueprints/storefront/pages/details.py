"""The customer's details and the confirmation."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff
from blueprints.storefront import service, tickets
from blueprints.storefront.errors import UnknownLink
from blueprints.storefront.forms import Customer, DetailsForm, country_of
from blueprints.storefront.pages.book import HOLD_COOKIE, choose_again, place
from blueprints.storefront.pages.frame import (
    PAGES,
    PER_MINUTE,
    WHY_OPEN,
    alternatives,
    asked,
    done_address,
    entered,
    once,
    page,
    private,
    read_wish,
    see,
)
from blueprints.storefront.tickets import Ticket
from shopbell.crypto import BadToken
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant


@PAGES.get("/book/<branch_slug>/<service_slug>/details")
@open_to_all(WHY_OPEN)
def details(branch_slug: str, service_slug: str) -> Response:
    branch, chosen = place(branch_slug, service_slug)
    try:
        ticket = read_ticket(branch, chosen)
    except UnknownLink as error:
        return private(choose_again(error, branch, chosen))
    address = address_if_booked(ticket)
    return see(address) if address else details_page(branch, chosen, ticket, DetailsForm())


@PAGES.post("/book/<branch_slug>/<service_slug>/details")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
def confirm(branch_slug: str, service_slug: str) -> Response:
    """Make the appointment. A second click leads to the same one."""
    branch, chosen = place(branch_slug, service_slug)
    form = DetailsForm.of(request.form)
    customer = form.check(country_of(branch.phone, current_tenant().country))
    try:
        ticket = read_ticket(branch, chosen)
    except UnknownLink as error:
        return private(choose_again(error, branch, chosen))
    try:
        if customer is None:
            return details_page(branch, chosen, switched(branch, chosen, ticket), form, status=422)
        address = once(confirmation_key(ticket), lambda: booked_address(branch, chosen, ticket, customer))
    except DomainError as refusal:
        return refused(branch, chosen, ticket, form, refusal)
    response = see(address)
    response.delete_cookie(HOLD_COOKIE, path="/book")
    return response


def read_ticket(branch: BranchView, chosen: ServiceView) -> Ticket:
    """The ticket of ?hold=, if it is for this branch and service. Raises UnknownLink."""
    try:
        ticket = tickets.read(asked("hold"))
    except BadToken:
        raise UnknownLink(_("The time we kept for you has run out. Please choose one again.")) from None
    if (ticket.branch_id, ticket.service_id) != (branch.id, chosen.id):
        raise UnknownLink(_("This link belongs to another appointment."))
    return ticket


def address_if_booked(ticket: Ticket) -> str | None:
    """Where to go on when the kept time has become an appointment already, as after going back."""
    try:
        return done_address(booking.details(current_session(), ticket.hold_id))
    except UnknownBooking:
        return None


def confirmation_key(ticket: Ticket) -> str:
    return f"confirm:{ticket.hold_id}:{entered('instead')}"[:150]


def booked_address(branch: BranchView, chosen: ServiceView, ticket: Ticket, customer: Customer) -> str:
    return done_address(service.confirm(current_session(), switched(branch, chosen, ticket), customer))


def switched(branch: BranchView, chosen: ServiceView, ticket: Ticket) -> Ticket:
    """The ticket itself, or a new one when an alternative was chosen instead. Raises SlotTaken and its relatives."""
    instead = entered("instead")
    if not instead:
        return ticket
    return service.choose(current_session(), branch, chosen, read_wish(instead), ticket)


def refused(
    branch: BranchView, chosen: ServiceView, ticket: Ticket, form: DetailsForm, refusal: DomainError
) -> Response:
    """The form again with everything typed: errors next to fields when it is about those, else other times."""
    fields = {name.rpartition(".")[2]: sentence for name, sentence in refusal.fields.items()}
    if fields and fields.keys() <= form.typed.keys():
        form.errors.update(fields)
        return details_page(branch, chosen, ticket, form, status=refusal.status)
    return details_page(branch, chosen, ticket, form, status=refusal.status, refusal=refusal)


def details_page(
    branch: BranchView,
    chosen: ServiceView,
    ticket: Ticket,
    form: DetailsForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    person = staff.person(current_session(), ticket.person_id) if ticket.person_id else None
    response = page(
        "details.html",
        status,
        branch=branch,
        service=chosen,
        person=person,
        ticket=ticket,
        token=ticket.signed(),
        form=form,
        refusal=refusal,
        offers=alternatives(refusal) if refusal else [],
        deadline=ticket.starts_at - timedelta(minutes=branch.cancel_deadline_minutes),
    )
    return private(response)
