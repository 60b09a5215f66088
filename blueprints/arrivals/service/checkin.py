"""Checking in by oneself: at the door with what one knows, or from one's own page when one is near."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.errors import (
    NoAppointmentFound,
    OtherBranch,
    SeveralAppointments,
    TooEarlyToCheckIn,
    TooLateToCheckIn,
)
from blueprints.arrivals.rules import checkin as rules
from blueprints.arrivals.rules.checkin import EARLIEST, Moment
from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, Expected
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.crm import api as crm
from shopbell import clock
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from shopbell.tenancy import current_tenant

UPCOMING = frozenset({"booked", "confirmed"})
HERE = frozenset({"arrived", "in_service"})
TODAY = timedelta(hours=18)


def check_in(session: Session, branch: BranchView, text: str) -> UUID:
    """Note that the customer is here. Returns the appointment's id. Harmless to repeat.

    `text` is a booking reference or the last digits of a telephone number. Raises CannotCheckIn in one of its kinds;
    none of them says anything about other people's appointments.
    """
    said = rules.read(text)
    if said.ref is None and said.digits is None:
        hint = _("Type the last four digits of your mobile number, or the seven characters of your reference.")
        raise NoAppointmentFound(hint, fields={"who": hint})
    found = by_ref(session, branch, said.ref) if said.ref else []
    if not found and said.digits:
        found = by_phone(session, branch, said.digits)
    if not found:
        hint = _("Please check what you typed, or ask at the desk. Without an appointment, take a ticket below.")
        raise NoAppointmentFound(hint, fields={"who": hint})
    return arrive(session, branch, found)


def by_ref(session: Session, branch: BranchView, ref: str) -> list[Expected]:
    """Raises OtherBranch for an appointment of today elsewhere: whoever knows the reference may know where."""
    now = clock.now()
    today = [one for one in booking.expected_by_ref(session, ref) if abs(one.starts_at - now) < TODAY]
    here = [one for one in today if one.branch_id == branch.id]
    if today and not here:
        where = catalog.branch(session, today[0].branch_id)
        name, address = (localized(texts, current_tenant().locale) for texts in (where.name, where.address))
        hint = _("It is at %(branch)s, %(address)s. Call us if you cannot make it.", branch=name, address=address)
        raise OtherBranch(hint, fields={"who": hint})
    return here


def by_phone(session: Session, branch: BranchView, digits: str) -> list[Expected]:
    """Today's appointments of the one customer whose number ends so. Raises SeveralAppointments."""
    now = clock.now()
    today = booking.expected_at(session, branch.id, now - TODAY, now + TODAY)
    contacts = crm.contacts(session, {one.customer_id for one in today if one.customer_id})
    fitting = {id_ for id_, contact in contacts.items() if rules.phone_matches(contact.phone, digits)}
    if len(fitting) > 1:
        hint = _("Type your whole mobile number, or your booking reference.")
        raise SeveralAppointments(hint, fields={"who": hint})
    return [one for one in today if one.customer_id in fitting]


def arrive(session: Session, branch: BranchView, found: list[Expected]) -> UUID:
    """The visit whose time is now. Raises TooEarlyToCheckIn, TooLateToCheckIn or NoAppointmentFound."""
    now = clock.now()
    if here := next((one for one in found if one.status in HERE), None):
        return here.id
    upcoming = [one for one in found if one.status in UPCOMING]
    for one in upcoming:
        if rules.moment(one.starts_at, one.grace_minutes, now) is Moment.NOW:
            note(session, one.id)
            return one.id
    early = [one for one in upcoming if one.starts_at > now]
    if early:
        raise too_early(early[0].starts_at, branch)
    if upcoming or any(one.status == "no_show" for one in found):
        hint = _("Your time has passed. Our team will see what they can do for you.")
        raise TooLateToCheckIn(hint, fields={"who": hint})
    hint = _("Your appointment of today is over. To come again, take a ticket below or book a time.")
    raise NoAppointmentFound(hint, fields={"who": hint})


def too_early(starts_at: datetime, branch: BranchView) -> TooEarlyToCheckIn:
    zone = clock.zone(branch.time_zone)
    times = {"time": f"{starts_at.astimezone(zone):%H:%M}", "from": f"{starts_at.astimezone(zone) - EARLIEST:%H:%M}"}
    hint = _("Your appointment is at %(time)s. You can check in from %(from)s on.", **times)
    return TooEarlyToCheckIn(hint, fields={"who": hint})


def note(session: Session, booking_id: UUID) -> None:
    """Everybody of the visit whose services are still to come is here."""
    for one in booking.visit(session, booking_id):
        if one.status in UPCOMING:
            booking.set_status(session, one.id, "arrived")


def may_check_in(details: BookingDetails) -> bool:
    """Whether it is time to say "I am here"."""
    return details.status in UPCOMING and rules.moment(details.starts_at, grace_of(details), clock.now()) is Moment.NOW


def grace_of(details: BookingDetails) -> int:
    return details.terms.late_grace_minutes


def i_am_here(session: Session, booking_id: UUID) -> None:
    """From the customer's own page. Harmless to repeat. Raises UnknownBooking, TooEarlyToCheckIn, TooLateToCheckIn."""
    details = booking.details(session, booking_id)
    if details.status in HERE:
        return
    branch = catalog.branch(session, details.branch_id)
    one = Expected(
        details.id,
        details.ref,
        details.branch_id,
        details.customer_id,
        details.status,
        details.starts_at,
        grace_of(details),
    )
    arrive(session, branch, [one])
