"""The queue's API, for consoles and displays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask.views import MethodView

from blueprints.arrivals import queries, service
from blueprints.arrivals.schemas import CalledOut, CallIn, QueueOut
from blueprints.arrivals.service import Called
from blueprints.catalog.api import UnknownBranch
from shopbell.http import current_session, permit, permitted_at, shows_people
from shopbell.http.bodies import Blueprint

blp = Blueprint("arrivals", __name__, description="Who is here, who waits and for how long")


@blp.route("/branches/<uuid:branch_id>/queue")
class Queue(MethodView):
    @permit("arrivals.queue")
    @shows_people
    @blp.alt_response(200, schema=QueueOut)
    def get(self, branch_id: UUID) -> Response:
        """Everybody who waits, in one plan of walk-ins and arrived appointments"""
        require_seen(branch_id)
        return jsonify(queries.plan(current_session(), branch_id))


@blp.route("/branches/<uuid:branch_id>/calls")
class Calls(MethodView):
    @permit("arrivals.queue")
    @blp.arguments(CallIn)
    @blp.response(201, CalledOut)
    def post(self, wish: dict[str, Any], branch_id: UUID) -> Called:
        """Call whoever is next, for one person or for anybody who is free"""
        require_seen(branch_id)
        return service.call_next(current_session(), branch_id, wish["person"], skip=wish["skip"])


def require_seen(branch_id: UUID) -> None:
    """Raises UnknownBranch for a branch this person may not see: for them it does not exist."""
    if not permitted_at(branch_id):
        raise UnknownBranch
