"""The booking API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from blueprints.booking import service
from blueprints.booking.errors import UnknownBooking
from blueprints.booking.frames import Frame
from blueprints.booking.models import Booking
from blueprints.booking.queries.board import branch_of
from blueprints.booking.queries.charges import Filter, charges_after
from blueprints.booking.queries.free import Start, one_service, read_free, starts_of_days
from blueprints.booking.queries.history import details, visit
from blueprints.booking.queries.quote import quote
from blueprints.booking.queries.rulebook import rulebook
from blueprints.booking.rules.say import sentences
from blueprints.booking.schemas import (
    AvailabilityOut,
    AvailabilityQuery,
    BookingIn,
    BookingOut,
    CancellationIn,
    ChargesOut,
    ChargesQuery,
    LengthIn,
    MoveIn,
    QuoteIn,
    QuoteOut,
    SeriesIn,
    SeriesOut,
    TermsInWords,
    TermsQuery,
)
from blueprints.booking.values import (
    BookingDetails,
    BookingRequest,
    CustomerInput,
    Guest,
    Item,
    Quote,
    SeriesMade,
)
from blueprints.brand import api as brand
from blueprints.brand.api import Agreed
from blueprints.catalog import api as catalog
from blueprints.catalog.api import UnknownBranch
from blueprints.crm import api as crm
from shopbell.http import (
    concerns,
    current_principal,
    current_session,
    idempotent,
    if_match,
    looked,
    permit,
    permitted_at,
    permitted_branches,
    shows_people,
    untagged,
)
from shopbell.http.bodies import Blueprint
from shopbell.tenancy import current_tenant

blp = Blueprint("booking", __name__, description="Free times and appointments")


@blp.route("/availability")
class Availability(MethodView):
    @permit("booking.read")
    @untagged
    @blp.arguments(AvailabilityQuery, location="query")
    @blp.alt_response(200, schema=AvailabilityOut)
    def get(self, query: dict[str, Any]) -> Response:
        """Free times of a service at a branch, day by day"""
        require_seen_branch(query["branch"])
        first_day, days = query["first_day"], query["days"]
        reading = read_free(current_session(), query["branch"], first_day, days)
        wish = (Guest((Item(query["service"], tuple(query["options"]), query["staff"]),)),)
        found = starts_of_days(reading, wish, first_day, days, tier_asked(query))
        return Response(availability(reading.frame, found), mimetype="application/json")


def availability(frame: Frame, days: Mapping[date, Sequence[Start]]) -> str:
    """The answer as JSON text. A fortnight of a large branch names thousands of ids, but few groups of people: each
    group's list is written once and put in where it recurs, which a general encoder cannot know."""
    groups = {id(people): people for starts in days.values() for _cell, _at, people in starts}
    named = set[UUID]().union(*groups.values())
    ids = frame.people_ids
    staff = [{"id": ids[person], "name": view.name} for person, view in frame.people.items() if person in named]
    lists = {key: json.dumps([ids[person] for person in people]) for key, people in groups.items()}
    texts = []
    for day, starts in days.items():
        slots = ", ".join([f'{{"start": "{at.text}", "staff": {lists[id(people)]}}}' for _cell, at, people in starts])
        texts.append(f'{{"date": "{day.isoformat()}", "slots": [{slots}]}}')
    head = json.dumps({"time_zone": frame.branch.time_zone, "staff": staff}, ensure_ascii=False)
    return f'{head[:-1]}, "days": [{", ".join(texts)}]}}'


@blp.route("/bookings")
class Bookings(MethodView):
    @permit("booking.write")
    @idempotent
    @blp.arguments(BookingIn)
    @blp.response(201, BookingOut)
    def post(self, booking: dict[str, Any]) -> BookingDetails:
        """Make an appointment; send an Idempotency-Key to make repeating safe"""
        require_seen_branch(booking["branch"])
        session, agreed = current_session(), agreed_with(booking)
        made = service.reserve(session, request_of(booking))
        agreed.keep(session, "booking", made.id, made.customer_id)
        concerns(made.id)
        return made


@blp.route("/quotes")
class Quotes(MethodView):
    @permit("booking.read")
    @blp.arguments(QuoteIn)
    @blp.response(200, QuoteOut)
    def post(self, wish: dict[str, Any]) -> Quote:
        """What a visit comes to, and on which terms; nothing is kept"""
        require_seen_branch(wish["branch"])
        looked()
        return quote(current_session(), wish["branch"], wish["start"], guests_of(wish))


@blp.route("/series")
class SeriesOfBookings(MethodView):
    @permit("booking.write")
    @idempotent
    @blp.arguments(SeriesIn)
    @blp.response(201, SeriesOut)
    def post(self, wish: dict[str, Any]) -> SeriesMade:
        """Make a visit that recurs; what could not be placed is listed with the reason"""
        require_seen_branch(wish["branch"])
        session, agreed = current_session(), agreed_with(wish)
        every_weeks, visits = wish.pop("every_weeks"), wish.pop("visits")
        made = service.reserve_series(session, request_of(wish), every_weeks=every_weeks, visits=visits)
        for placed in made.placed:
            agreed.keep(session, "booking", placed.id, placed.customer_id)
        concerns(*(visit.id for visit in made.placed))
        return made


def shown(booking_id: UUID) -> BookingDetails:
    """Raises UnknownBooking."""
    require_seen(booking_id)
    return details(current_session(), booking_id)


IF_MATCH = if_match(Booking, shown, BookingOut)


@blp.route("/bookings/<uuid:booking_id>")
class OneBooking(MethodView):
    @permit("booking.read")
    @shows_people
    @blp.response(200, BookingOut)
    def get(self, booking_id: UUID) -> BookingDetails:
        """One appointment"""
        return shown(booking_id)


@blp.route("/bookings/<uuid:booking_id>/visit")
class VisitOfBooking(MethodView):
    @permit("booking.read")
    @shows_people
    @blp.response(200, BookingOut(many=True))
    def get(self, booking_id: UUID) -> list[BookingDetails]:
        """All appointments of the visit that this one belongs to, the first one first"""
        require_seen(booking_id)
        return visit(current_session(), booking_id)


@blp.route("/bookings/<uuid:booking_id>/approval")
class Approval(MethodView):
    @permit("booking.approve")
    @IF_MATCH
    @blp.response(200, BookingOut)
    def post(self, booking_id: UUID) -> BookingDetails:
        """Say yes to a request; harmless to repeat"""
        require_seen(booking_id)
        return service.approve(current_session(), booking_id)


@blp.route("/bookings/<uuid:booking_id>/length")
class Length(MethodView):
    @permit("booking.approve")
    @IF_MATCH
    @blp.arguments(LengthIn)
    @blp.response(200, BookingOut)
    def put(self, length: dict[str, Any], booking_id: UUID) -> BookingDetails:
        """Make an appointment so many minutes longer or shorter than its service takes"""
        require_seen(booking_id)
        return service.extend(current_session(), booking_id, length["extra_minutes"])


@blp.route("/bookings/<uuid:booking_id>/cancellation")
class Cancellation(MethodView):
    @permit("booking.write")
    @IF_MATCH
    @blp.arguments(CancellationIn)
    @blp.response(200, BookingOut)
    def post(self, cancellation: dict[str, Any], booking_id: UUID) -> BookingDetails:
        """Cancel an appointment; harmless to repeat"""
        require_seen(booking_id)
        return service.cancel(current_session(), booking_id, reason=cancellation["reason"], by=caller())


@blp.route("/bookings/<uuid:booking_id>/move")
class Move(MethodView):
    @permit("booking.write")
    @IF_MATCH
    @blp.arguments(MoveIn)
    @blp.response(200, BookingOut)
    def post(self, wanted: dict[str, Any], booking_id: UUID) -> BookingDetails:
        """Give an appointment another time or person"""
        require_seen(booking_id)
        return service.move(current_session(), booking_id, wanted["start"], wanted["staff"], by=caller())


def guests_of(wish: dict[str, Any]) -> tuple[Guest, ...]:
    """The guests of a request, or a single one with a single service. Raises Invalid without either."""
    guests = tuple(
        Guest(
            tuple(Item(item["service"], tuple(item["options"]), item["staff"]) for item in guest["items"]),
            guest["name"],
        )
        for guest in wish["guests"]
    )
    return one_service(wish["service"], wish["options"], wish["staff"], guests)


def request_of(wish: dict[str, Any]) -> BookingRequest:
    customer = wish["customer"]
    customer["locale"] = customer["locale"] or current_tenant().locale
    return BookingRequest(
        branch_id=wish["branch"],
        service_id=None,
        starts_at=wish["start"],
        guests=guests_of(wish),
        customer=CustomerInput(**customer),
        note=wish["note"],
        source="api",
    )


def agreed_with(wish: dict[str, Any]) -> Agreed:
    """What the customer has agreed to, by the word of whoever calls. Raises Invalid naming `agreed`."""
    speaks, caller = wish["customer"]["locale"], current_principal()
    return brand.agreed_elsewhere(current_session(), wish["agreed"], speaks, caller.name)


@blp.route("/terms")
class AgreedTerms(MethodView):
    @permit("booking.read")
    @blp.arguments(TermsQuery, location="query")
    @blp.response(200, TermsInWords)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """What is agreed with an appointment of a service at a branch, if it is made now"""
        require_seen_branch(query["branch"])
        session = current_session()
        if query["service"]:
            catalog.service(session, query["service"])
        terms = rulebook(session, catalog.branch(session, query["branch"])).terms(query["service"])
        return {"terms": terms, "text": sentences(terms)}


@blp.route("/charges")
class Charges(MethodView):
    @permit("booking.read")
    @shows_people
    @blp.arguments(ChargesQuery, location="query")
    @blp.response(200, ChargesOut)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Deposits and fees that appointments came to, and what became of them"""
        branches = permitted_branches()
        if query["branch"]:
            require_seen_branch(query["branch"])
            branches = frozenset({query["branch"]})
        wanted = Filter(
            None if branches is None else tuple(branches),
            (query["state"],) if query["state"] else (),
            (query["kind"],) if query["kind"] else (),
        )
        found = charges_after(current_session(), wanted, query["after"], query["limit"] + 1)
        page = found[: query["limit"]]
        return {"charges": page, "after": page[-1].charge.id if len(found) > len(page) else None}


def tier_asked(query: dict[str, Any]) -> int:
    """The tier of the customer for whom times are looked up, 0 for anybody."""
    return crm.tier(current_session(), query["customer"]) if query["customer"] else 0


def require_seen_branch(branch_id: UUID) -> None:
    """Raises UnknownBranch for a branch this person may not see: for them it does not exist."""
    if not permitted_at(branch_id):
        raise UnknownBranch


def require_seen(booking_id: UUID) -> None:
    """Raises UnknownBooking for an appointment at a branch this person may not see."""
    seen = permitted_branches()
    if seen is not None and branch_of(current_session(), booking_id) not in seen:
        raise UnknownBooking


def caller() -> str:
    """Staff may pass the customer's deadline; a program acts for the customer."""
    return "staff" if current_principal().kind == "staff" else "client"
