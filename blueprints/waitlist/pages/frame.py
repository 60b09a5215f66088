"""What the customer's pages of the waitlist share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from blueprints.booking.api import Guest
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.storefront.api import visit_times_address
from blueprints.waitlist.errors import UnknownLink
from shopbell.http import current_session
from shopbell.i18n import gettext as _
from shopbell.pages import private, render

WHY_OPEN = "customers wait without an account"
PER_MINUTE = 20
"""Changes one address may make."""

PAGES = Blueprint("waitlist", __name__, template_folder="../templates")


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A page with the chain's name; not kept by anybody on the way, not listed by search engines."""
    return shown(f"waitlist/{template}", status, **context)


def shown(template: str, status: int, **context: Any) -> Response:
    return private(render(template, status, brand=brand.shown(context.get("branch")), **context))


def free_times(session: Session, branch: BranchView, guests: Sequence[Guest]) -> str:
    """Where the branch's free times for these guests are."""
    if len(guests) > 1 or len(guests[0].items) > 1:
        return visit_times_address(session, branch.slug, guests)
    service = catalog.service(session, guests[0].items[0].service_id)
    return url_for("storefront.times", branch_slug=branch.slug, service_slug=service.slug)


def bad_link() -> Response:
    error = UnknownLink(_("It may be incomplete or too old. Open it from our latest message, or call us."))
    return shown(
        "storefront/problem.html",
        error.status,
        error=error,
        address="/",
        way_out=_("Book an appointment"),
        branches=catalog.branches(current_session()),
    )
