"""The feed itself, and the page on which a customer subscribes to it or takes it back."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from blueprints.brand import api as brand
from blueprints.feeds import queries
from blueprints.feeds.errors import UnknownFeed
from blueprints.feeds.links import feed_link, read_feed_token, subscribe_link
from blueprints.feeds.pages.blueprint import PAGES
from blueprints.feeds.queries import FeedView
from blueprints.feeds.service import feeds
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import private, render, see

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
@limited("feeds", per_minute=READS_PER_MINUTE)
def calendar(token: str) -> Response:
    """Subscribe to one's appointments, by the address of the calendar itself: the link of one appointment is not
    enough, because whoever books under somebody's number has that."""
    found = feed_of(token)
    address = feed_link(found.id, found.created_at)
    return page(token=token, address=address, subscribe=subscribe_link(address))


@PAGES.post("/calendar/<token>/revocation")
@open_to_all(WHY_OPEN)
@limited("feeds", per_minute=CHANGES_PER_MINUTE)
def revoke(token: str) -> Response:
    found = feed_of(token)
    if found.customer_id:
        feeds.revoke_customer_feed(current_session(), found.customer_id)
    return see(url_for("feeds.stopped"))


@PAGES.get("/calendar/stopped")
@open_to_all("it says the same to everybody")
def stopped() -> Response:
    return page(token="", address="")


def page(**context: Any) -> Response:
    return private(render("feeds/calendar.html", brand=brand.shown(), **context))


def feed_of(token: str) -> FeedView:
    """A customer's calendar. Raises UnknownFeed."""
    try:
        found = queries.feed(current_session(), read_feed_token(token, clock.now()))
    except (BadToken, UnknownFeed):
        found = None
    if found is None or found.customer_id is None:
        raise UnknownFeed(_("Open the link from our latest message, or call us."))
    return found
