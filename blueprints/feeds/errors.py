"""What feeds refuse."""

from __future__ import annotations

from shopbell.errors import Invalid, NotFound
from shopbell.text import N_


class UnknownFeed(NotFound):
    code = "unknown_feed"
    title = N_("This calendar address does not work any more")


class UnknownCalendar(NotFound):
    code = "unknown_calendar"
    title = N_("There is no such calendar")


class BadAddress(Invalid):
    code = "bad_calendar_address"
    title = N_("This address cannot be read as a calendar")
