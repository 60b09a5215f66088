"""Booking rules in plain sentences, in the reader's language: the same ones for staff and for customers."""

from __future__ import annotations

from blueprints.booking.rules.terms import Terms
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext

DAY, HOUR = 1440, 60


def duration(minutes: int) -> str:
    """Minutes as people say them: 2 days, 24 hours, 90 minutes."""
    if minutes >= 2 * DAY and minutes % DAY == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // DAY)
    if minutes >= HOUR and minutes % HOUR == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // HOUR)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes)


def sentences(terms: Terms) -> list[str]:
    """Everything a customer agrees to with these terms; what costs nothing and demands nothing is left out."""
    said = [cancelling(terms), moving(terms), staying_away(terms), *deposits(terms)]
    return [sentence for sentence in said if sentence]


def cancelling(terms: Terms) -> str:
    if terms.cancel_minutes:
        free = _("You can cancel free of charge until %(time)s before.", time=duration(terms.cancel_minutes))
    else:
        return _("You can cancel free of charge until the appointment begins.")
    if terms.late_cancel_percent is None:
        return " ".join((free, _("After that, please call us.")))
    if terms.late_cancel_percent == 0:
        return _("You can cancel free of charge until the appointment begins.")
    fee = _("After that it costs %(percent)s %% of the price.", percent=terms.late_cancel_percent)
    return f"{free} {fee}"


def moving(terms: Terms) -> str:
    if terms.max_moves == 0:
        return _("To change the time, please call us.")
    until = _("You can change the time until the appointment begins.")
    if terms.move_minutes:
        until = _("You can change the time until %(time)s before.", time=duration(terms.move_minutes))
    if terms.max_moves is None:
        return until
    times = ngettext("This is possible once.", "This is possible %(n)s times.", terms.max_moves)
    return f"{until} {times}"


def staying_away(terms: Terms) -> str:
    said = []
    if terms.no_show_percent:
        said.append(_("If you do not come, you pay %(percent)s %% of the price.", percent=terms.no_show_percent))
    if terms.no_show_after_minutes is not None:
        time = duration(terms.no_show_after_minutes)
        said.append(_("If you are more than %(time)s late, we may give your time to somebody else.", time=time))
    return " ".join(said)


def deposits(terms: Terms) -> list[str]:
    said = []
    if terms.deposit_percent:
        said.append(_("We ask for a deposit of %(percent)s %% of the price.", percent=terms.deposit_percent))
    if terms.no_shows_for_deposit is not None and terms.repeat_percent > terms.deposit_percent:
        times = ngettext(
            "After %(n)s missed visit within a year",
            "After %(n)s missed visits within a year",
            terms.no_shows_for_deposit,
        )
        said.append(_("%(times)s we ask for a deposit of %(percent)s %%.", times=times, percent=terms.repeat_percent))
    if said:
        said.append(_("The deposit counts towards the price. It is kept when you cancel too late or do not come."))
    return said
