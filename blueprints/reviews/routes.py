"""Reviews for programs: what everybody may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask.views import MethodView
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import UnknownBranch
from blueprints.reviews import queries
from blueprints.reviews.queries import ReviewView
from blueprints.reviews.schemas import ReviewsIn, ReviewsOut
from blueprints.staff import api as staff
from shopbell.http import current_session, permit, permitted_at
from shopbell.http.bodies import Blueprint

API = Blueprint("reviews_api", __name__, description="What customers say about their visits")
Reader = Callable[[Session, UUID, int, UUID | None], list[ReviewView]]


@API.route("/people/<uuid:person_id>/reviews")
class PersonReviews(MethodView):
    @permit("reviews.read")
    @API.arguments(ReviewsIn, location="query")
    @API.response(200, ReviewsOut)
    def get(self, page: dict[str, Any], person_id: UUID) -> dict[str, Any]:
        """List what is shown about somebody's work, newest first"""
        session = current_session()
        staff.person(session, person_id)
        rating = queries.ratings(session, [person_id]).get(person_id)
        return page_of(queries.reviews_of, person_id, page, rating)


@API.route("/branches/<uuid:branch_id>/reviews")
class BranchReviews(MethodView):
    @permit("reviews.read")
    @API.arguments(ReviewsIn, location="query")
    @API.response(200, ReviewsOut)
    def get(self, page: dict[str, Any], branch_id: UUID) -> dict[str, Any]:
        """List what is shown about a branch, newest first"""
        session = current_session()
        if not permitted_at(branch_id):
            raise UnknownBranch
        catalog.branch(session, branch_id)
        rating = queries.branch_ratings(session, [branch_id]).get(branch_id)
        return page_of(queries.reviews_at, branch_id, page, rating)


def page_of(read: Reader, about: UUID, page: dict[str, Any], rating: tuple[float, int] | None) -> dict[str, Any]:
    limit = page["limit"]
    found = read(current_session(), about, limit + 1, page["before"])
    mean, count = rating or (None, 0)
    return {
        "mean": mean,
        "count": count,
        "items": found[:limit],
        "next": found[limit - 1].id if len(found) > limit else None,
    }
