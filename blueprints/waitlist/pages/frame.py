"""What the customer's pages of the waitlist share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.waitlist.errors import UnknownLink
from shopbell.errors import DomainError
from shopbell.http import current_session
from shopbell.i18n import gettext as _
from shopbell.pages import private, render

WHY_OPEN = "customers wait without an account"
PER_MINUTE = 20
"""Changes one address may make."""

PAGES = Blueprint("waitlist", __name__, template_folder="../templates")


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A page with the chain's name; not kept by anybody on the way, not listed by search engines."""
    return private(render(f"waitlist/{template}", status, brand=brand.brand(current_session()), **context))


def bad_link() -> Response:
    error = UnknownLink(_("It may be incomplete or too old. Open it from our latest message, or call us."))
    return problem(error, branches=catalog.branches(current_session()))


def problem(error: DomainError, **context: Any) -> Response:
    """What went wrong in words, and the way to the booking pages."""
    return page("problem.html", error.status, error=error, **context)
