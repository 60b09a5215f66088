"""What a customer wants to be told, by signed links: the page of their wishes, and the end of advertising by e-mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from flask import Response, request, url_for

from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from blueprints.crm.api import Choice, Contact, Evidence, UnknownCustomer
from blueprints.messaging import api as messaging
from blueprints.storefront.errors import UnknownLink
from blueprints.storefront.pages.frame import PAGES, PER_MINUTE, page, problem
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import private, see

WHY_OPEN = "whoever holds the link from our messages says what they want to be told"
MAIL_PROGRAMS_PER_MINUTE = 1200
"""A large provider unsubscribes all of its users from a few addresses of its own."""
NONE = "none"
"""The button that ends all advertising at once."""
MARKETING = "marketing"
View = Callable[[str, Contact], Response]


def by_link(read: Callable[[str, datetime], UUID]) -> Callable[[View], Callable[[str], Response]]:
    """Find the customer of the link; one that does not work is explained, with the telephone numbers to call."""

    def mark(view: View) -> Callable[[str], Response]:
        @wraps(view)
        def opened(token: str) -> Response:
            session = current_session()
            try:
                me = crm.contact(session, read(token, clock.now()))
            except (BadToken, UnknownCustomer):
                error = UnknownLink(_("It may be incomplete or too old. Open it from our latest message, or call us."))
                branches = catalog.branches(session)
                return private(problem(error, url_for(".start"), _("Book an appointment"), branches=branches))
            return private(view(token, me))

        return opened

    return mark


@PAGES.get("/preferences/<token>")
@open_to_all(WHY_OPEN)
@by_link(crm.read_preferences_token)
def preferences(_token: str, me: Contact) -> Response:
    """Every purpose with the channels there are, as the customer has set them."""
    chosen = {(one.purpose, one.channel): one.given for one in crm.choices(current_session(), me.id)}
    chain = brand.shown().display_name
    words = {channel: crm.consent_words(Choice(MARKETING, channel, given=True), chain) for channel in channels(me)}
    saved = request.args.get("saved", "")
    return page("preferences.html", chosen=chosen, channels=channels(me), words=words, saved=saved)


@PAGES.post("/preferences/<token>")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
@by_link(crm.read_preferences_token)
def save_preferences(token: str, me: Contact) -> Response:
    """Take over every box; with the button that says so, only end all advertising."""
    session, ended = current_session(), request.form.get("all") == NONE
    wanted = [
        Choice(one.purpose, one.channel, given=not ended and f"{one.purpose}.{one.channel}" in request.form)
        for one in crm.choices(session, me.id)
        if one.channel in channels(me) and (one.purpose == MARKETING or not ended)
    ]
    crm.say(session, me.id, wanted, Evidence("preferences", brand.shown().display_name))
    return see(url_for(".preferences", token=token, saved=NONE if ended else "yes"))


@PAGES.get("/unsubscribe/<token>")
@open_to_all(WHY_OPEN)
@by_link(crm.read_unsubscribe_token)
def unsubscribe(_token: str, me: Contact) -> Response:
    """Ask whether it is meant: programs that look at mail open every address in it (RFC 8058)."""
    return page("unsubscribe.html", done=False, more=crm.preferences_link(me.id))


@PAGES.post("/unsubscribe/<token>")
@open_to_all(WHY_OPEN)
@limited("unsubscribe", per_minute=MAIL_PROGRAMS_PER_MINUTE)
@by_link(crm.read_unsubscribe_token)
def end_advertising(_token: str, me: Contact) -> Response:
    """End advertising by e-mail, at once and without a redirection: mail programs follow none. May be repeated."""
    session = current_session()
    if me.email:
        messaging.suppress(session, "email", me.email, "one_click", purpose=MARKETING)
    crm.say(session, me.id, [Choice(MARKETING, "email", given=False)], Evidence("one_click"))
    return page("unsubscribe.html", done=True, more=crm.preferences_link(me.id))


def channels(me: Contact) -> list[str]:
    """By which the customer can be reached at all."""
    return [name for name, address in (("sms", me.phone), ("email", me.email)) if address]
