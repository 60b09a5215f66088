"""The finder's API: the first fitting times over the whole chain."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask.views import MethodView

from blueprints.booking.api import Slot
from blueprints.catalog.api import UnknownBranch
from blueprints.crm import api as crm
from blueprints.finder.queries.answers import answers
from blueprints.finder.queries.asking import Where, day_within_reach, need, spots
from blueprints.finder.schemas import SearchOut, SearchQuery, SpotOut
from blueprints.finder.values import Answer, Search
from shopbell.http import current_session, permit, permitted_at, permitted_branches
from shopbell.http.bodies import Blueprint, json_bytes

blp = Blueprint("finder_api", __name__, description="The first fitting times over all branches")
SPOT = SpotOut()


@blp.route("/search")
class FirstTimes(MethodView):
    @permit("booking.read")
    @blp.arguments(SearchQuery, location="query")
    @blp.alt_response(200, schema=SearchOut)
    def get(self, query: dict[str, Any]) -> Response:
        """The first free times for a need over all branches, by way and start"""
        session = current_session()
        if query["branch"] and not permitted_at(query["branch"]):
            raise UnknownBranch
        meant = spots(session, Where(query["near"], query["place"], query["branch"]))
        search = Search(
            guests=need(session, query["service"], query["options"], query["guests"]),
            spot=meant[0] if meant else None,
            order=query["order"],
            first_day=day_within_reach(query["first_day"], "from"),
            hours=(query["earliest"], query["latest"]),
            tier=crm.tier(session, query["customer"]) if query["customer"] else 0,
            limit=query["limit"],
            branch_ids=permitted_branches(),
        )
        found = [shown(answer) for answer in answers(session, search)]
        spot = SPOT.dump(search.spot) if search.spot else None
        body = {"spot": spot, "also": SPOT.dump(meant[1:], many=True), "order": search.order, "found": found}
        return Response(json_bytes(body), mimetype="application/json")


def shown(answer: Answer) -> dict[str, Any]:
    branch = answer.branch
    return {
        "branch": branch.id,
        "name": branch.name,
        "time_zone": branch.time_zone,
        "minutes": answer.minutes,
        "km": None if answer.km is None else round(answer.km, 1),
        "times": [time_shown(answer, slot) for slot in answer.slots],
    }


def time_shown(answer: Answer, slot: Slot) -> dict[str, Any]:
    staff = [{"id": one, "name": answer.people[one]} for one in slot.person_ids if one in answer.people]
    return {"start": slot.text, "staff": staff}
