"""What every visitor's browser fetches: the chain's colours, its logos and its legal texts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import queries
from blueprints.brand.queries import Logo
from blueprints.brand.rules import LEGAL
from blueprints.brand.shown import shown
from shopbell.http import current_session, open_to_all
from shopbell.i18n import current_locale
from shopbell.markdown import drawn
from shopbell.pages import render
from shopbell.pages.environment import YEAR_SECONDS
from shopbell.tenancy import current_tenant

PUBLIC = Blueprint("brand_public", "blueprints.brand", template_folder="templates")
THEME_SECONDS = 60
LOGO_SECONDS = 300


@PUBLIC.get("/theme.css")
@open_to_all("the chain's colours stand on its public pages")
def theme_css() -> BaseResponse:
    """The chain's custom properties, for light and dark."""
    return _kept(Response(shown().css, mimetype="text/css"), THEME_SECONDS)


@PUBLIC.get("/logo")
@open_to_all("the chain's logo stands on its public pages")
def logo() -> BaseResponse:
    """The chain's logo as it is now. Raises NoLogo."""
    return _kept(_picture(queries.logo(current_session())), LOGO_SECONDS)


@PUBLIC.get("/logo/<uuid:logo_id>")
@open_to_all("the logos of the chain and its branches stand on public pages")
def picture(logo_id: UUID) -> BaseResponse:
    """A logo that never changes. Raises NoLogo."""
    response = _kept(_picture(queries.picture(current_session(), logo_id)), YEAR_SECONDS)
    response.cache_control.immutable = True
    return response


@PUBLIC.get("/legal/<kind>")
@open_to_all("whoever books may read what they agree to")
def legal(kind: str) -> BaseResponse:
    """A legal text in the reader's language, as it is in force or as it was in ?version=. Raises UnknownVersion."""
    number = request.args.get("version", "")
    if kind not in LEGAL or (number and not (number.isascii() and number.isdigit() and len(number) < 6)):
        abort(404)
    found = queries.legal(current_session(), kind, int(number) if number else None)
    wanted = (current_locale(), current_tenant().locale, *found.texts)
    language = next(locale for locale in wanted if locale in found.texts)
    page = render(
        "brand/legal_page.html",
        brand=shown(),
        text=drawn(found.texts[language]),
        language=language,
        it=found,
        number=number,
    )
    if number:
        page.headers["X-Robots-Tag"] = "noindex"
    return page


def _picture(found: Logo) -> Response:
    return Response(found.content, mimetype=found.media_type)


def _kept(response: Response, seconds: int) -> BaseResponse:
    """For a short time without asking again, and after that only when it has changed."""
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.add_etag()
    return response.make_conditional(request)
