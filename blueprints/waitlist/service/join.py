"""Joining the waitlist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import UPCOMING, BookingDetails, CustomerInput, Guest, Item, UnknownBooking
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, UnknownBranch, UnknownOption, UnknownService
from blueprints.crm import api as crm
from blueprints.staff import api as staff
from blueprints.staff.api import UnknownPerson
from blueprints.storefront.api import MOST_GUESTS, guests_of
from blueprints.waitlist import rules
from blueprints.waitlist.errors import BadWish, TooManyWishes
from blueprints.waitlist.events import WishJoined
from blueprints.waitlist.models import NOTE, Wish
from blueprints.waitlist.queries.views import stored_guest, wish_view
from blueprints.waitlist.service.records import OVER
from blueprints.waitlist.values import JoinRequest, WishView
from shopbell import clock, due, ids
from shopbell.checks import Checks
from shopbell.errors import Invalid
from shopbell.events import publish
from shopbell.i18n import gettext as _
from shopbell.text import clean_name
from shopbell.vault.ring import ring

LONGEST_NAME, LONGEST_NOTE = 100, 500
IN_PERSON = "desk"


def join(session: Session, request: JoinRequest) -> WishView:
    """Put somebody on the waitlist and say so once. With a `wish_id` it is harmless to repeat: the first one stands.

    Raises BadWish naming every field that is wrong, BadEmail, or TooManyWishes.
    """
    known = session.get(Wish, request.wish_id) if request.wish_id else None
    if known is not None:
        return wish_view(session, known)
    request, branches = checked(session, request)
    customer_id = whose(session, request)
    # A second click waited for the first one's customer: now their wish is there.
    known = session.get(Wish, request.wish_id) if request.wish_id else None
    if known is not None:
        return wish_view(session, known)
    waiting = select(func.count()).where(Wish.customer_id == customer_id, Wish.status.in_(("waiting", "offered")))
    if (session.scalar(waiting) or 0) >= rules.MOST_WISHES:
        raise TooManyWishes(_("Leave one of your %(n)s other wishes first.", n=rules.MOST_WISHES))
    wish_id = request.wish_id or ids.uuid7()
    wish = Wish(
        id=wish_id,
        customer_id=customer_id,
        service_id=request.service_id,
        options=list(request.options),
        person_id=request.person_id,
        guests=[stored_guest(guest) for guest in request.guests] or None,
        branch_ids=list(request.branch_ids),
        first_day=request.first_day,
        last_day=request.last_day,
        weekdays=sorted(set(request.weekdays)),
        earliest=request.earliest,
        latest=request.latest,
        booking_id=request.booking_id,
        status="waiting",
        ended="",
        reason="",
        **ring(session).form(NOTE, wish_id, request.note),
        source=request.source,
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    session.add(wish)
    session.flush()
    due.schedule(session, OVER, str(wish.id), max(end_of(request.last_day, branch) for branch in branches))
    publish(session, WishJoined(wish.id, customer_id))
    return wish_view(session, wish)


def end_of(day: date, branch: BranchView) -> datetime:
    return clock.at_local(day + timedelta(days=1), 0, clock.zone(branch.time_zone))


def whose(session: Session, request: JoinRequest) -> UUID:
    """The customer: the one of the appointment to be replaced, or the one who is named."""
    if request.booking_id is not None:
        customer_id = booking.details(session, request.booking_id).customer_id
        if customer_id is not None:
            return customer_id
    who, in_person = request.customer, request.source == IN_PERSON
    return crm.remember(session, who.name, who.phone, who.email, who.locale, in_person=in_person)


def checked(session: Session, request: JoinRequest) -> tuple[JoinRequest, list[BranchView]]:
    """The request with clean values, and its branches. Raises BadWish."""
    checks = Checks()
    if request.booking_id is not None:
        request = of_appointment(session, checks, request)
    else:
        request = replace(request, customer=checked_customer(checks, request.customer))
    branches = checked_branches(session, checks, request.branch_ids)
    request = checked_services(session, checks, request)
    if branches:
        checked_days(checks, request, branches[0])
    if len(request.note) > LONGEST_NOTE:
        checks.refuse("note", _("A note has at most %(n)s characters.", n=LONGEST_NOTE))
    checks.settle(BadWish)
    return replace(request, branch_ids=tuple(branch.id for branch in branches)), branches


def of_appointment(session: Session, checks: Checks, request: JoinRequest) -> JoinRequest:
    """The wish to come sooner: for what the visit is for, and until the day it is on."""
    found = upcoming(session, request.booking_id)
    rows = [row for row in booking.visit(session, found.id) if row.status != "cancelled"] if found else []
    if not rows or any(row.status not in UPCOMING for row in rows):
        checks.refuse("booking", _("Only an appointment that is still ahead can be replaced."))
        return request
    first = min(rows, key=lambda row: row.starts_at)
    zone = clock.zone(catalog.branch(session, first.branch_id).time_zone)
    last_day = min(request.last_day, clock.local_minutes(first.starts_at, zone)[0])
    request = replace(request, booking_id=first.id, last_day=last_day)
    if len(rows) > 1:
        return replace(request, guests=guests_of(rows))
    return replace(request, service_id=first.service_id, options=first.options, guests=())


def upcoming(session: Session, booking_id: UUID | None) -> BookingDetails | None:
    """The appointment, if it can still be replaced."""
    if booking_id is None:
        return None
    try:
        found = booking.details(session, booking_id)
    except UnknownBooking:
        return None
    return found if found.status in UPCOMING and found.starts_at > clock.now() else None


def checked_customer(checks: Checks, customer: CustomerInput) -> CustomerInput:
    """The customer as the booking book cleans them; what is wrong is said together with the other fields."""
    if len(clean_name(customer.name)) > LONGEST_NAME:
        checks.refuse("customer.name", _("A name has at most %(n)s characters.", n=LONGEST_NAME))
    try:
        return booking.checked(customer)
    except Invalid as error:
        for field, sentence in error.fields.items():
            checks.refuse(field, sentence)
        return customer


def checked_branches(session: Session, checks: Checks, branch_ids: tuple[UUID, ...]) -> list[BranchView]:
    wanted = list(dict.fromkeys(branch_ids))
    if not 1 <= len(wanted) <= rules.MOST_BRANCHES:
        checks.refuse("branches", _("Choose 1 to %(n)s branches.", n=rules.MOST_BRANCHES))
        return []
    try:
        return [catalog.branch(session, branch_id) for branch_id in wanted]
    except UnknownBranch:
        checks.refuse("branches", _("One of these branches does not exist."))
        return []


def checked_services(session: Session, checks: Checks, request: JoinRequest) -> JoinRequest:
    """The request with the options that its services know; of a visit the first service is named beside its guests."""
    if not request.asked or len(request.asked) > MOST_GUESTS or not all(guest.items for guest in request.asked):
        checks.refuse("service", _("Choose a service, or 1 to %(n)s guests with their services.", n=MOST_GUESTS))
        return request
    guests = tuple(Guest(tuple(checked_item(session, checks, item) for item in guest.items)) for guest in request.asked)
    first = guests[0].items[0]
    several = len(guests) > 1 or len(guests[0].items) > 1
    return replace(
        request,
        service_id=first.service_id,
        options=first.options,
        person_id=first.person_id,
        guests=guests if several else (),
    )


def checked_item(session: Session, checks: Checks, item: Item) -> Item:
    checked_person(session, checks, item.person_id)
    try:
        service = catalog.service(session, item.service_id)
        if not service.active:
            raise UnknownService
        return replace(item, options=tuple(option.id for option in service.chosen(item.options)))
    except UnknownService:
        checks.refuse("service", _("This service is not offered."))
    except UnknownOption:
        checks.refuse("options", _("Choose what this service offers, and one of the variants."))
    return item


def checked_person(session: Session, checks: Checks, person_id: UUID | None) -> None:
    if person_id is None:
        return
    try:
        if staff.person(session, person_id).active:
            return
    except UnknownPerson:
        pass
    checks.refuse("staff", _("Choose somebody of the list, or anyone."))


def checked_days(checks: Checks, request: JoinRequest, branch: BranchView) -> None:
    wanted = request.wanted
    today, _minute = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))
    if wanted.last_day < max(today, wanted.first_day):
        checks.refuse("last_day", _("Choose a last day that is not before the first one, and not over."))
    elif wanted.last_day > today + timedelta(days=rules.LONGEST_DAYS):
        checks.refuse("last_day", _("You can wait for at most %(n)s days.", n=rules.LONGEST_DAYS))
    elif not set(wanted.weekdays) <= set(range(7)) or not wanted.has_a_day():
        checks.refuse("weekdays", _("Choose at least one weekday that lies between these days."))
    if not 0 <= wanted.earliest < wanted.latest <= clock.MINUTES_IN_A_DAY:
        checks.refuse("latest", _("Choose hours of which the first lies before the last."))
