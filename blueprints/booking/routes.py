"""The booking API."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from blueprints.booking import service
from blueprints.booking.errors import UnknownBooking
from blueprints.booking.frames import Frame
from blueprints.booking.plan import read
from blueprints.booking.queries.board import branch_of
from blueprints.booking.queries.history import details
from blueprints.booking.schemas import (
    AvailabilityOut,
    AvailabilityQuery,
    BookingIn,
    BookingOut,
    CancellationIn,
    MoveIn,
)
from blueprints.booking.service.take import days_of
from blueprints.booking.values import BookingDetails, BookingRequest, CustomerInput, FreeDay
from blueprints.catalog.api import UnknownBranch
from shopbell.http import current_principal, current_session, idempotent, permit
from shopbell.http.bodies import Blueprint
from shopbell.tenancy import current_tenant

blp = Blueprint("booking", __name__, description="Free times and appointments")


@blp.route("/availability")
class Availability(MethodView):
    @permit("booking.read")
    @blp.arguments(AvailabilityQuery, location="query")
    @blp.alt_response(200, schema=AvailabilityOut)
    def get(self, query: dict[str, Any]) -> Response:
        """Free times of a service at a branch, day by day"""
        require_seen_branch(query["branch"])
        reading = read(current_session(), query["branch"], query["first_day"], query["days"])
        found = days_of(reading, query["service"], query["staff"], query["days"])
        return Response(availability(reading.frame, found), mimetype="application/json")


def availability(frame: Frame, days: list[FreeDay]) -> str:
    """The answer as JSON text. A fortnight of a large branch names thousands of ids, but few groups of people: each
    group's list is written once and put in where it recurs, which a general encoder cannot know."""
    groups = {id(slot.person_ids): slot.person_ids for day in days for slot in day.slots}
    lists = {key: json.dumps([str(person) for person in people]) for key, people in groups.items()}
    named = {person for people in groups.values() for person in people}
    staff = [{"id": str(person.id), "name": person.name} for person in frame.people.values() if person.id in named]
    written = []
    for day in days:
        slots = ", ".join(f'{{"start": "{slot.text}", "staff": {lists[id(slot.person_ids)]}}}' for slot in day.slots)
        written.append(f'{{"date": "{day.day.isoformat()}", "slots": [{slots}]}}')
    head = json.dumps({"time_zone": frame.branch.time_zone, "staff": staff}, ensure_ascii=False)
    return f'{head[:-1]}, "days": [{", ".join(written)}]}}'


@blp.route("/bookings")
class Bookings(MethodView):
    @permit("booking.write")
    @idempotent
    @blp.arguments(BookingIn)
    @blp.response(201, BookingOut)
    def post(self, booking: dict[str, Any]) -> BookingDetails:
        """Make an appointment; send an Idempotency-Key to make repeating safe"""
        require_seen_branch(booking["branch"])
        customer = booking["customer"]
        customer["locale"] = customer["locale"] or current_tenant().locale
        request = BookingRequest(
            branch_id=booking["branch"],
            service_id=booking["service"],
            starts_at=booking["start"],
            person_id=booking["staff"],
            customer=CustomerInput(**customer),
            note=booking["note"],
            source="api",
        )
        return service.reserve(current_session(), request)


@blp.route("/bookings/<uuid:booking_id>")
class OneBooking(MethodView):
    @permit("booking.read")
    @blp.response(200, BookingOut)
    def get(self, booking_id: UUID) -> BookingDetails:
        """One appointment"""
        require_seen(booking_id)
        return details(current_session(), booking_id)


@blp.route("/bookings/<uuid:booking_id>/cancellation")
class Cancellation(MethodView):
    @permit("booking.write")
    @blp.arguments(CancellationIn)
    @blp.response(200, BookingOut)
    def post(self, cancellation: dict[str, Any], booking_id: UUID) -> BookingDetails:
        """Cancel an appointment; harmless to repeat"""
        require_seen(booking_id)
        return service.cancel(current_session(), booking_id, reason=cancellation["reason"], by=caller())


@blp.route("/bookings/<uuid:booking_id>/move")
class Move(MethodView):
    @permit("booking.write")
    @blp.arguments(MoveIn)
    @blp.response(200, BookingOut)
    def post(self, wanted: dict[str, Any], booking_id: UUID) -> BookingDetails:
        """Give an appointment another time or person"""
        require_seen(booking_id)
        return service.move(current_session(), booking_id, wanted["start"], wanted["staff"], by=caller())


def require_seen_branch(branch_id: UUID) -> None:
    """Raises UnknownBranch for a branch this person may not see: for them it does not exist."""
    if not current_principal().may_see_branch(branch_id):
        raise UnknownBranch


def require_seen(booking_id: UUID) -> None:
    """Raises UnknownBooking for an appointment at a branch this person may not see."""
    person = current_principal()
    if person.branch_ids is not None and branch_of(current_session(), booking_id) not in person.branch_ids:
        raise UnknownBooking


def caller() -> str:
    """Staff may pass the customer's deadline; a program acts for the customer."""
    return "staff" if current_principal().kind == "staff" else "client"
