"""The feed itself, and the page on which a customer subscribes to it or takes it back."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.brand import api as brand
from blueprints.feeds import queries
from blueprints.feeds.errors import UnknownFeed
from blueprints.feeds.links import feed_link, read_feed_token, subscribe_link
from blueprints.feeds.pages.blueprint import PAGES
from blueprints.feeds.service import feeds
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import render

WHY_OPEN = "whoever has the signed address may read it"
READS_PER_MINUTE = 60
CHANGES_PER_MINUTE = 20
FRESH_SECONDS = 900


@PAGES.get("/feeds/<token>.ics")
@open_to_all(WHY_OPEN)
@limited("feeds", per_minute=READS_PER_MINUTE)
def feed(token: str) -> Response:
    """The calendar; 304 when the reader has it already."""
    try:
        feed_id = read_feed_token(token, clock.now())
    except BadToken:
        raise UnknownFeed from None
    drawn = feeds.draw(current_session(), feed_id)
    response = Response(drawn.file, mimetype="text/calendar")
    response.set_etag(drawn.etag, weak=True)
    response.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"
    response.headers["Content-Disposition"] = 'inline; filename="appointments.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    return response


@PAGES.get("/calendar/<token>")
@open_to_all(WHY_OPEN)
def calendar(token: str) -> Response:
    """Subscribe to one's appointments, by the link of any of them."""
    found = queries.feed_of(current_session(), customer_id=customer_of(token))
    address = feed_link(found.id, found.created_at) if found else ""
    response = render(
        "feeds/calendar.html",
        token=token,
        address=address,
        subscribe=subscribe_link(address) if address else "",
        stopped=request.args.get("stopped") == "1",
        brand=brand.brand(current_session()),
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@PAGES.post("/calendar/<token>")
@open_to_all(WHY_OPEN)
@limited("feeds", per_minute=CHANGES_PER_MINUTE)
def subscribe(token: str) -> AnyResponse:
    feeds.customer_feed_url(current_session(), customer_of(token))
    return redirect(url_for("feeds.calendar", token=token), 303)


@PAGES.post("/calendar/<token>/revocation")
@open_to_all(WHY_OPEN)
@limited("feeds", per_minute=CHANGES_PER_MINUTE)
def revoke(token: str) -> AnyResponse:
    feeds.revoke_customer_feed(current_session(), customer_of(token))
    return redirect(url_for("feeds.calendar", token=token, stopped=1), 303)


def customer_of(token: str) -> UUID:
    """The customer whose appointment the link is of. Raises UnknownFeed."""
    try:
        found = booking.details(current_session(), booking.read_manage_token(token, clock.now()))
    except (BadToken, UnknownBooking):
        found = None
    if found is None or found.customer_id is None:
        raise UnknownFeed(_("Open the link from our latest message, or call us."))
    return found.customer_id
