"""The customer's details and the confirmation."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Response, request

from blueprints.account import api as account
from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, UnknownBooking
from blueprints.brand import api as brand
from blueprints.brand.api import Boxes
from blueprints.catalog.api import ServiceView, UnknownOption, UnknownService
from blueprints.staff.api import UnknownPerson
from blueprints.storefront import queries, service, tickets
from blueprints.storefront.agreement import Agreed
from blueprints.storefront.consent import consent_boxes, keep_consent
from blueprints.storefront.errors import UnknownLink
from blueprints.storefront.forms import Customer, DetailsForm, country_of, guest_fields
from blueprints.storefront.pages.book import all_services, place
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
    read_wish,
    whole,
)
from blueprints.storefront.pages.paths import details_address, times_address
from blueprints.storefront.pages.times import HOLD, choose_again
from blueprints.storefront.queries import Lines, Offer, Range, Visit, visit_of_guests
from blueprints.storefront.tickets import Ticket
from blueprints.storefront.tier import known_tier
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.framing import framed
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import private, see
from shopbell.phone import display
from shopbell.tenancy import current_tenant


@PAGES.get("/book/<branch_slug>/<service_slug>/details")
@open_to_all(WHY_OPEN)
def details(branch_slug: str, service_slug: str) -> Response:
    try:
        offer, chosen = place(branch_slug, service_slug)
    except UnknownService as error:
        return all_services(error, branch_slug)
    return show(offer, chosen)


@PAGES.post("/book/<branch_slug>/<service_slug>/details")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
def confirm(branch_slug: str, service_slug: str) -> Response:
    """Make the appointment. A second click leads to the same one."""
    try:
        offer, chosen = place(branch_slug, service_slug)
    except UnknownService as error:
        return all_services(error, branch_slug)
    return make(offer, chosen)


def show(offer: Offer, chosen: ServiceView | None) -> Response:
    """What is about to be booked, with the form."""
    try:
        ticket, visit = read_ticket(offer, chosen)
    except UnknownLink as error:
        return gone(error, offer, chosen)
    address = address_if_booked(ticket)
    return see(address) if address else details_page(visit, ticket, begun(visit))


def begun(visit: Visit) -> DetailsForm:
    """The form before anything was typed: whoever is signed in finds their name and number in it."""
    me = account.known()
    if me is None:
        return DetailsForm.of({}, len(visit.guests), brand.boxes())
    number = display(me.phone, country_of(visit.branch.phone, current_tenant().country))
    known = {"name": me.name, "phone": number, "email": me.email or ""}
    return DetailsForm.of(known, len(visit.guests), brand.boxes())


def make(offer: Offer, chosen: ServiceView | None) -> Response:
    try:
        ticket, visit = read_ticket(offer, chosen)
    except UnknownLink as error:
        return gone(error, offer, chosen)
    form = DetailsForm.of(request.form, len(visit.guests), brand.boxes(request.form))
    customer = form.check(country_of(offer.branch.phone, current_tenant().country))
    try:
        if customer is None:
            return details_page(visit, whole(lambda: switched(visit, ticket)), form, status=422)
        address = once(confirmation_key(ticket), lambda: booked_address(visit, ticket, customer, form.boxes))
    except DomainError as refusal:
        return refused(visit, ticket, form, refusal)
    response = see(address)
    HOLD.take_back(response)
    return response


def read_ticket(offer: Offer, chosen: ServiceView | None) -> tuple[Ticket, Visit]:
    """The ticket of ?hold= and its visit, if it is for this branch and this service or, without one, for a visit of
    several. Raises UnknownLink."""
    try:
        ticket = tickets.read(asked("hold"))
        visit = visit_of_guests(offer, ticket.guests)
    except (BadToken, UnknownService, UnknownOption, UnknownPerson):
        raise UnknownLink(_("The time we kept for you has run out. Please choose one again.")) from None
    only = visit.only.service.id if visit.only else None
    if (ticket.branch_id, only) != (offer.branch.id, chosen.id if chosen else None):
        raise UnknownLink(_("This link belongs to another appointment."))
    return ticket, visit


def gone(error: UnknownLink, offer: Offer, chosen: ServiceView | None) -> Response:
    if chosen is None:
        return private(all_services(error, offer.branch.slug))
    plain = Visit(offer.branch, ((queries.choice_of(offer, chosen, (), None),),))
    return private(choose_again(error, offer.branch, times_address(plain)))


def address_if_booked(ticket: Ticket) -> str | None:
    """Where to go on when the kept time has become an appointment already, as after going back."""
    try:
        return done_address(booking.details(current_session(), ticket.hold_id))
    except UnknownBooking:
        return None


def confirmation_key(ticket: Ticket) -> str:
    return f"confirm:{ticket.hold_id}:{entered('instead')}"[:150]


def booked_address(visit: Visit, ticket: Ticket, customer: Customer, boxes: Boxes) -> str:
    session, source = current_session(), "widget" if framed() else "web"
    made = service.confirm(session, switched(visit, ticket), customer, known_tier()[0], source)
    if made.customer_id:
        boxes.keep(session, "booking", made.id, made.customer_id)
        keep_consent(session, made, request.form, brand.shown().display_name)
    return done_address(made)


def switched(visit: Visit, ticket: Ticket) -> Ticket:
    """The ticket itself, or a new one when an alternative was chosen instead. Raises SlotTaken and its relatives."""
    instead = entered("instead")
    if not instead:
        return ticket
    return service.choose(current_session(), visit, read_wish(instead), ticket, known_tier())


def refused(visit: Visit, ticket: Ticket, form: DetailsForm, refusal: DomainError) -> Response:
    """The form again with everything typed: errors next to fields when it is about those, else other times."""
    fields = {name.rpartition(".")[2]: sentence for name, sentence in refusal.fields.items()}
    if fields and fields.keys() <= form.typed.keys():
        form.errors.update(fields)
        return details_page(visit, ticket, form, status=refusal.status)
    return details_page(visit, ticket, form, status=refusal.status, refusal=refusal)


def details_page(
    visit: Visit, ticket: Ticket, form: DetailsForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    session, me = current_session(), account.known()
    rows = [] if refusal else kept_rows(ticket)
    lines = queries.lines_of_rows(session, rows) if rows else queries.lines_of(visit)
    response = page(
        "details.html",
        status,
        branch=visit.branch,
        visit=visit,
        lines=lines,
        total=total_of(lines),
        ticket=ticket,
        times=times_address(visit),
        action=details_address(visit, ticket, confirm=True),
        guest_fields=guest_fields(len(visit.guests)),
        form=form,
        refusal=refusal,
        offers=alternatives(refusal) if refusal else [],
        me=me,
        consents=consent_boxes(session, me, request.form, brand.shown().display_name),
        agreed=None if refusal else agreed(ticket, rows, clock.zone(visit.branch.time_zone)),
    )
    return private(response)


def kept_rows(ticket: Ticket) -> list[BookingDetails]:
    """What is being kept, service by service; nothing once the time is over."""
    return booking.held_visit(current_session(), ticket.hold_id)


def total_of(lines: Lines) -> Range:
    prices = [line.prices for guest in lines for line in guest]
    return Range(sum(one.low for one in prices), sum(one.high for one in prices))


def agreed(ticket: Ticket, rows: list[BookingDetails], zone: ZoneInfo) -> Agreed:
    """What holds for this visit, at this time, with the people who are kept for it."""
    guests = service.with_people(ticket.guests, [row.person_id for row in rows])
    known = known_tier()[1]
    quote = booking.quote(current_session(), ticket.branch_id, ticket.starts_at, guests, customer_id=known)
    return Agreed(quote.terms, ticket.starts_at, zone, quote.price_minor, quote.currency, quote.deposit_minor)
