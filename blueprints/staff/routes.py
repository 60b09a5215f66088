"""People for programs: everything a profile shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict
from uuid import UUID

from flask.views import MethodView

from blueprints.catalog import api as catalog
from blueprints.staff import queries
from blueprints.staff.queries import PersonView
from blueprints.staff.schemas import ProfileOut, ProfilePage, ProfilesIn
from shopbell.http import current_session, permit
from shopbell.http.bodies import Blueprint

API = Blueprint("people", __name__, description="People, their skills and profiles")


class Page(TypedDict):
    items: Sequence[PersonView]
    next: UUID | None


@API.route("/people")
class People(MethodView):
    @permit("staff.read")
    @API.arguments(ProfilesIn, location="query")
    @API.response(200, ProfilePage)
    def get(self, page: dict[str, Any]) -> Page:
        """List people who work here, or at one branch, by id"""
        session, limit = current_session(), page["limit"]
        if page["branch"]:
            catalog.branch(session, page["branch"])
        found = queries.people_after(session, page["after"], page["branch"], limit + 1)
        return {"items": found[:limit], "next": found[limit - 1].id if len(found) > limit else None}


@API.route("/people/<uuid:person_id>")
class OnePerson(MethodView):
    @permit("staff.read")
    @API.response(200, ProfileOut)
    def get(self, person_id: UUID) -> PersonView:
        """Somebody's profile, also of one who has left"""
        return queries.person(current_session(), person_id)
