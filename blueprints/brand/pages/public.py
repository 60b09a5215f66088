"""What every visitor's browser fetches: the chain's colours and its logo."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import queries
from shopbell.http import current_session, open_to_all

PUBLIC = Blueprint("brand_public", __name__)
THEME_SECONDS = 60
LOGO_SECONDS = 300


@PUBLIC.get("/theme.css")
@open_to_all("the chain's colours stand on its public pages")
def theme_css() -> BaseResponse:
    """The chain's custom properties, for light and dark."""
    return _kept(Response(queries.brand(current_session()).css, mimetype="text/css"), THEME_SECONDS)


@PUBLIC.get("/logo")
@open_to_all("the chain's logo stands on its public pages")
def logo() -> BaseResponse:
    """The chain's logo as it was uploaded. Raises NoLogo."""
    found = queries.logo(current_session())
    return _kept(Response(found.content, mimetype=found.media_type), LOGO_SECONDS)


def _kept(response: Response, seconds: int) -> BaseResponse:
    """For a short time without asking again, and after that only when it has changed."""
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.add_etag()
    return response.make_conditional(request)
