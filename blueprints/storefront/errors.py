"""What the booking pages refuse before anybody else is asked."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class BadDay(Invalid):
    """The day in the address cannot be read, has passed, or lies too far ahead."""

    code = "bad_day"
    title = N_("We cannot show this day")


class BadChoice(Invalid):
    """The time or the person that was chosen is not written the way our pages write it."""

    code = "bad_choice"
    title = N_("We could not read what you chose")


class FeeNotConfirmed(Invalid):
    """Cancelling costs something by now, and the sum was not confirmed."""

    code = "fee_not_confirmed"
    title = N_("Cancelling costs something now")


class NotMovable(Conflict):
    """The visit cannot be placed anew as it is."""

    code = "not_movable"
    title = N_("This appointment cannot be moved online")


class UnknownLink(NotFound):
    """A link to a booking or to a kept time that we did not make, or that has run out."""

    code = "unknown_link"
    title = N_("This link does not work any more")
