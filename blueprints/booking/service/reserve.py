"""Making a visit: appointments, allocations, customer and fact in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import frames, plan
from blueprints.booking.errors import HoldExpired, UnknownBooking
from blueprints.booking.events import BookingMade, BookingRequested
from blueprints.booking.frames import Frame
from blueprints.booking.models import Booking
from blueprints.booking.queries.free import one_service, party_of
from blueprints.booking.queries.history import usual_person
from blueprints.booking.queries.views import details_of
from blueprints.booking.rules import policy
from blueprints.booking.service import charges, overrides, records
from blueprints.booking.service.allocations import keep, let_go
from blueprints.booking.service.allowed import refuse_beyond_quota
from blueprints.booking.service.contact import checked, checked_guests, checked_note
from blueprints.booking.service.rows import NewRows, named, names_of, new_ids
from blueprints.booking.service.take import Visit, Who, take
from blueprints.booking.values import STAFF_SOURCES, BookingDetails, BookingRequest, CustomerInput, Guest
from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from blueprints.crm.api import Recognised
from shopbell import clock, due
from shopbell.events import publish


class OfSeries(NamedTuple):
    """What the visits of a series have in common besides what was asked for."""

    id: UUID
    customer: Recognised


def reserve(session: Session, request: BookingRequest) -> BookingDetails:
    """Make a visit and say so once; returns its first appointment. Harmless to repeat with the same hold or booking
    id: the first one stands.

    With a hold the held time becomes the visit; when the hold has run out the same time is tried anyway. Raises
    Invalid naming the fields, the time errors of rules.policy, OutsideHours, PeakClosed, NotForYou, NobodyCan,
    BranchClosed, BookedEnough, SlotTaken with alternatives, UnknownBranch, UnknownService, UnknownOption or
    UnknownPerson.
    """
    customer, note = checked(request.customer), checked_note(request.note)
    return begun(session, request, customer, note) or make(session, request, customer, note)


def begun(session: Session, request: BookingRequest, customer: CustomerInput, note: str) -> BookingDetails | None:
    """What there is of the visit already: made by the same request before, or of the time that is held for it."""
    if request.booking_id and (known := session.get(Booking, request.booking_id)):
        return details_of(session, known, catalog.branch(session, known.branch_id))
    if request.hold_id:
        try:
            return keep_hold(session, request.hold_id, customer, note, request.source, request.guests)
        except HoldExpired:
            pass
    return None


def make(
    session: Session,
    request: BookingRequest,
    customer: CustomerInput,
    note: str,
    *,
    series: OfSeries | None = None,
    told: bool = True,
) -> BookingDetails:
    """A new visit, without a hold before it. Of a series people are told with its first visit; of the others they are
    not `told`, nor which times are free instead. What is refused leaves nothing behind, but for ReasonMissing."""
    refuse_beyond_quota(request.source)
    reading = plan.read_day_of(session, request.branch_id, request.starts_at)
    wish = one_service(request.service_id, request.options, request.person_id, request.guests)
    guests = named(checked_guests(wish))
    party = party_of(reading.frame, guests)
    by_staff = request.source in STAFF_SOURCES
    known = series.customer if series else recognise(session, customer, request.source)
    # A second click waited for the first one's customer: now what that one made is there.
    if request.booking_id and (made := session.get(Booking, request.booking_id)):
        return details_of(session, made, reading.frame.branch)
    common = {
        "customer_id": known.id,
        "status": first_status(reading.frame, [item.service_id for item in party.items], by_staff=by_staff),
        "source": request.source,
        "note": note,
        "series_id": series.id if series else None,
    }
    rows = NewRows(session, new_ids(guests, request.booking_id), common)
    asked = known.is_new or all(item.person_id for item in party.items)
    who = Who(
        by_staff=by_staff,
        tier=max(request.tier, tier_of(session, reading.frame, known.id)),
        usual_id=None if asked else usual_person(session, known.id),
        override=by_staff and request.override is not None,
        choice=told,
    )
    visit = take(session, reading, party, request.starts_at, rows, who)
    note_override(session, rows.ids[0], visit, request)
    announce(session, rows.written, told=told)
    return details_of(session, rows.written[0], reading.frame.branch)


def first_status(frame: Frame, service_ids: list[UUID], *, by_staff: bool) -> str:
    waits = any(frame.services[service_id].needs_approval for service_id in service_ids)
    return "requested" if waits and not by_staff else "booked"


def tier_of(session: Session, frame: Frame, customer_id: UUID | None) -> int:
    """The customer's tier, asked for only where time is kept for some."""
    return crm.tier(session, customer_id) if frame.rulebook.windows and customer_id else 0


def note_override(session: Session, booking_id: UUID, visit: Visit, request: BookingRequest) -> None:
    if visit.forced and request.override:
        overrides.record(session, booking_id, visit.forced, request.override.reason, request.override.user_id)


def keep_hold(
    session: Session, hold_id: UUID, customer: CustomerInput, note: str, source: str, guests: Sequence[Guest] = ()
) -> BookingDetails:
    """Turn a hold into a visit, with the names that its `guests` have by now. Raises HoldExpired; a visit made of it
    before is returned as it is."""
    try:
        rows = records.members(session, hold_id, lock=True)
    except UnknownBooking:
        raise HoldExpired from None
    if rows[0].status != "held":
        return details_of(session, rows[0], catalog.branch(session, rows[0].branch_id))
    expires_at, ids = rows[0].expires_at, [row.id for row in rows]
    # Without its time a hold is over, whatever our clock says. Once it is kept, others find an appointment.
    if expires_at is None or not keep(session, ids):
        raise HoldExpired
    # Read after the time is locked: whoever removes what is over has done so by now, perhaps only the part they need.
    if expires_at <= clock.now():
        let_go(session, ids)
        raise HoldExpired
    # What is owed goes by the rules as they are now.
    frame = frames.current(session, rows[0].branch_id, rows[0].starts_at)
    customer_id = remember(session, customer, source)
    services = [row.service_id for row in rows if row.service_id]
    status = first_status(frame, services, by_staff=source in STAFF_SOURCES)
    name_guests(rows, guests)
    for row in rows:
        row.customer_id, row.expires_at, row.status = customer_id, None, status
        records.set_note(session, row, note)
        row.source, row.created_at = source, clock.now()
        records.save(session, row)
    announce(session, rows)
    return details_of(session, rows[0], frame.branch)


def name_guests(rows: Sequence[Booking], guests: Sequence[Guest]) -> None:
    """A time is kept before anybody has said who comes along."""
    names = names_of(named(checked_guests(guests))) if guests else []
    if len(names) == len(rows):
        for row, name in zip(sorted(rows, key=lambda row: row.id), names, strict=True):
            row.guest_name = name


def remember(session: Session, customer: CustomerInput, source: str) -> UUID:
    return recognise(session, customer, source).id


def recognise(session: Session, customer: CustomerInput, source: str) -> Recognised:
    in_person = source in STAFF_SOURCES
    return crm.recognise(session, customer.name, customer.phone, customer.email, customer.locale, in_person=in_person)


def announce(session: Session, rows: list[dict[str, Any]] | list[Booking], *, told: bool = True) -> None:
    """Say that a visit was made, or asked for: once for people, and once per appointment for whoever counts."""
    for number, row in enumerate(rows):
        values = row if isinstance(row, dict) else vars(row)
        frame = frames.at(session, values["branch_id"], values["starts_at"])
        peak = frame.rulebook.deposit_percent(values["starts_at"], frame.zone)
        terms = frame.rulebook.terms(values["service_id"])
        charges.on_reserved(session, values, terms, peak, values["customer_id"])
        fact = (values["id"], values["customer_id"], values["branch_id"], values["starts_at"])
        if values["status"] == "requested":
            publish(session, BookingRequested(*fact, lead=told and number == 0))
        else:
            publish(session, BookingMade(*fact, values["source"], lead=told and number == 0))
    lead = rows[0] if isinstance(rows[0], dict) else vars(rows[0])
    starts_at: datetime = lead["starts_at"]
    if lead["status"] == "requested":
        due.schedule(session, UNANSWERED, str(lead["id"]), policy.answer_by(starts_at, clock.now()))
    else:
        records.schedule_reminder(session, lead["id"], starts_at, new=True)


UNANSWERED = "booking.unanswered"


def approve(session: Session, booking_id: UUID) -> BookingDetails:
    """Say yes to a request: its time was kept for it, so nothing can be in the way. Harmless to repeat.

    Raises UnknownBooking.
    """
    rows = records.members(session, booking_id, lock=True)
    waiting = [row for row in rows if row.status == "requested"]
    for row in waiting:
        row.status = "booked"
        records.save(session, row)
    if waiting:
        announce(session, waiting)
    return details_of(session, rows[0], catalog.branch(session, rows[0].branch_id))
