"""What every visitor may see of a person: the photo on their profile."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from blueprints.staff import queries
from shopbell.http import current_session, open_to_all

PUBLIC = Blueprint("staff_public", __name__)
PHOTO_SECONDS = 300


@PUBLIC.get("/people/<uuid:person_id>/photo")
@open_to_all("photos stand on the chain's public profiles")
def photo(person_id: UUID) -> BaseResponse:
    """The photo of somebody who works here, as it was uploaded; nothing in it can run. Raises NoPhoto."""
    found = queries.photo(current_session(), person_id)
    response = Response(found.data, mimetype=found.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.cache_control.public = True
    response.cache_control.max_age = PHOTO_SECONDS
    response.set_etag(found.etag)
    return response.make_conditional(request)
