"""The direct channel of members: the page behind their link, and where head office and managers make the link."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from blueprints.storefront.errors import UnknownLink
from blueprints.storefront.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, page, problem
from blueprints.storefront.tier import LIVES, forget, known_tier, read_vip_token, remember, vip_link
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.http import current_session, open_to_all, permit
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import private, render, see

USUAL_DAYS = 90


@PAGES.app_context_processor
def give_tier() -> dict[str, object]:
    """Pages ask whether they are shown to a member."""
    return {"known_tier": known_tier}


@PAGES.get("/vip/<token>")
@open_to_all(WHY_OPEN)
def vip(token: str) -> Response:
    """Make the browser known and show the direct lines; a link of somebody without a tier is worth nothing."""
    session = current_session()
    branches = catalog.branches(session)
    try:
        customer_id = read_vip_token(token)
    except BadToken:
        return gone(branches)
    if not crm.tier(session, customer_id):
        return gone(branches)
    contact = crm.contact(session, customer_id)
    response = private(page("vip.html", contact=contact, branches=branches))
    remember(response, token)
    return response


def gone(branches: list[catalog.BranchView]) -> Response:
    error = UnknownLink(_("It may be incomplete or too old. Please ask us for a new one."))
    response = private(problem(error, url_for(".start"), _("Book an appointment"), branches=branches))
    forget(response)
    return response


@PAGES.post("/vip")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
def leave_vip() -> Response:
    """Forget the member on this device, which may be somebody else's."""
    response = see(url_for(".start"))
    forget(response)
    return response


@PAGES.get("/hq/members/<uuid:customer_id>/link")
@permit("crm.tier")
def vip_link_page(customer_id: UUID) -> Response:
    """Nothing is made by opening it."""
    return link_page(customer_id)


@PAGES.post("/hq/members/<uuid:customer_id>/link")
@permit("crm.tier")
def make_vip_link(customer_id: UUID) -> Response:
    """A link for the days that were chosen. Nothing is stored: it carries who it is for and until when."""
    text = request.form.get("days", "")
    days = int(text) if text in {str(days) for days in LIVES} else USUAL_DAYS
    return link_page(customer_id, days)


def link_page(customer_id: UUID, days: int | None = None) -> Response:
    """Raises UnknownCustomer."""
    card = crm.card(current_session(), customer_id)
    until = clock.now() + LIVES[days] if days and card.tier else None
    link = vip_link(customer_id, until) if until else ""
    chosen = days or USUAL_DAYS
    return private(
        render("storefront/vip_link.html", card=card, link=link, until=until, days=chosen, lives=list(LIVES))
    )
