"""My appointments: those ahead, wishes and offers, and what was."""

from __future__ import annotations

from flask import Response

from blueprints.account.pages import lists
from blueprints.account.pages.frame import PAGES, WHY_OPEN, for_customers, page
from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from blueprints.crm.api import Contact
from blueprints.staff import api as staff
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.pages.forms import weekday_names
from shopbell.pages.paging import paging

AHEAD_SHOWN = 10
PAST_SHOWN = 10


@PAGES.get("")
@open_to_all(WHY_OPEN)
@for_customers
def home(me: Contact) -> Response:
    session, now = current_session(), clock.now()
    counts = booking.own_counts(session, me.id, at=now)
    coming, past = paging(counts.ahead, AHEAD_SHOWN, "ahead"), paging(counts.past, PAST_SHOWN)
    wishes = lists.wishes(session, me.id)
    asked_for = {item.person_id for one in wishes for guest in one.wish.asked for item in guest.items if item.person_id}
    return page(
        "home.html",
        me=me,
        ahead=lists.visits(session, me.id, ahead=True, at=now, start=coming.start, limit=AHEAD_SHOWN),
        past=lists.visits(session, me.id, ahead=False, at=now, start=past.start, limit=PAST_SHOWN),
        ahead_pages=coming,
        past_pages=past,
        wishes=wishes,
        services={service.id: service for service in catalog.services(session, active_only=False)} if wishes else {},
        names=staff.names(session, asked_for) if asked_for else {},
        weekdays=weekday_names(),
    )
