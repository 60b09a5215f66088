"""The console's API: a branch's board, the one exchange that sends work and fetches changes, and customers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from blueprints.booking import api as booking
from blueprints.catalog.api import UnknownBranch
from blueprints.frontdesk import queries
from blueprints.frontdesk.schemas import (
    BoardOut,
    BoardQuery,
    CustomersQuery,
    RequestsOut,
    RequestsQuery,
    SyncIn,
    SyncOut,
    TimesIn,
    TimesOut,
    read_operation,
)
from blueprints.frontdesk.schemas.customers import DeskCardOut, DeskCustomersOut
from blueprints.frontdesk.service import exchange
from blueprints.frontdesk.service.work import MAY
from blueprints.frontdesk.values import Desk, Wish
from shopbell import clock
from shopbell.http import (
    concerns,
    current_principal,
    current_session,
    looked,
    permit,
    permitted_at,
    shows_people,
    untagged,
)
from shopbell.http.bodies import Blueprint, json_bytes

KEEP_HOURS = 36
"""How long a device may keep its copy of the board without hearing from us."""

blp = Blueprint("frontdesk", __name__, description="The branch console, for signed-in staff")


@blp.route("/branches/<uuid:branch_id>/board")
class Board(MethodView):
    @permit("frontdesk.use")
    @untagged
    @shows_people
    @blp.arguments(BoardQuery, location="query")
    @blp.alt_response(200, schema=BoardOut)
    def get(self, query: dict[str, Any], branch_id: UUID) -> Response:
        """A branch's day: people, bookings, the walk-in queue"""
        require_seen(branch_id)
        return answer(queries.board(current_session(), branch_id, query["day"]))


@blp.route("/branches/<uuid:branch_id>/sync")
class Sync(MethodView):
    @permit("frontdesk.use")
    @shows_people
    @blp.arguments(SyncIn)
    @blp.alt_response(200, schema=SyncOut)
    def post(self, sent: dict[str, Any], branch_id: UUID) -> Response:
        """Send what was done at the desk, and fetch what has changed"""
        require_seen(branch_id)
        session = current_session()
        branch = queries.branch_at(session, branch_id)
        desk = desk_of(branch.id, branch.time_zone, sent["device"])
        concerns(*named(sent["ops"])) if sent["ops"] else looked()
        results = exchange(session, desk, [read_operation(operation) for operation in sent["ops"]])
        changed = queries.changes(session, branch.id, sent["day"], sent["cursor"])
        requests = booking.count_requests(session, branch.id)
        return answer({"results": results, **changed, "requests": requests, "ttl_h": KEEP_HOURS})


@blp.route("/branches/<uuid:branch_id>/requests")
class Requests(MethodView):
    @permit("frontdesk.use")
    @shows_people
    @blp.arguments(RequestsQuery, location="query")
    @blp.alt_response(200, schema=RequestsOut)
    def get(self, query: dict[str, Any], branch_id: UUID) -> Response:
        """What was asked for and waits for an answer, the longest unanswered first"""
        require_seen(branch_id)
        return answer(queries.requests(current_session(), branch_id, query["page"]))


@blp.route("/branches/<uuid:branch_id>/times")
class Times(MethodView):
    @permit("frontdesk.use")
    @blp.arguments(TimesIn)
    @blp.alt_response(200, schema=TimesOut)
    def post(self, wish: Wish, branch_id: UUID) -> Response:
        """When a service or a whole visit can begin on a day, and what it comes to"""
        require_seen(branch_id)
        looked()
        return answer(queries.times(current_session(), branch_id, wish))


@blp.route("/branches/<uuid:branch_id>/customers")
class Customers(MethodView):
    @permit("frontdesk.use")
    @shows_people
    @blp.arguments(CustomersQuery, location="query")
    @blp.alt_response(200, schema=DeskCustomersOut)
    def get(self, query: dict[str, Any], branch_id: UUID) -> Response:
        """Find customers while their name or phone is being typed"""
        require_seen(branch_id)
        queries.branch_at(current_session(), branch_id)
        return answer(queries.find(current_session(), query["q"]))


@blp.route("/branches/<uuid:branch_id>/customers/<uuid:customer_id>")
class Customer(MethodView):
    @permit("frontdesk.use")
    @shows_people
    @blp.alt_response(200, schema=DeskCardOut)
    def get(self, branch_id: UUID, customer_id: UUID) -> Response:
        """A customer with the latest visits, in names and local days"""
        require_seen(branch_id)
        return answer(queries.card(current_session(), branch_id, customer_id))


def desk_of(branch_id: UUID, time_zone: str, device: str) -> Desk:
    person = current_principal()
    held = frozenset(name for name in MAY if person.may_at(name, branch_id))
    return Desk(branch_id, clock.zone(time_zone), device, person.id or UUID(int=0), person.name, held)


def require_seen(branch_id: UUID) -> None:
    """Raises UnknownBranch for a branch this person may not see: for them it does not exist."""
    if not permitted_at(branch_id):
        raise UnknownBranch


def named(operations: list[dict[str, Any]]) -> Iterator[UUID]:
    """The rows that operations name, as far as they can be read."""
    for operation in operations:
        with suppress(ValueError):
            yield UUID(str(operation["p"].get("id", "")))


def answer(body: dict[str, Any]) -> Response:
    return Response(json_bytes(body), mimetype="application/json")
