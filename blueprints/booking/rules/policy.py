"""What a branch's policy says about a time, as pure checks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from blueprints.booking.errors import (
    InThePast,
    NotForYou,
    NotOnTheGrid,
    PeakClosed,
    TooFarAhead,
    TooLateToChange,
    TooManyMoves,
    TooSoon,
)
from blueprints.booking.rules.rulebook import Rulebook
from blueprints.booking.rules.terms import Terms
from blueprints.booking.rules.timeline import midnight
from shopbell import clock
from shopbell.i18n import gettext as _

STAFF_MAY_ENTER_LATE = timedelta(hours=24)
"""The desk may type in what happened on paper earlier the same day."""


class Policy(Protocol):
    @property
    def slot_minutes(self) -> int: ...
    @property
    def lead_minutes(self) -> int: ...
    @property
    def horizon_days(self) -> int: ...


def check_start(policy: Policy, starts_at: datetime, zone: ZoneInfo, *, at: datetime, by_staff: bool) -> None:
    """Raises InThePast, TooSoon, TooFarAhead with the day it `opens`, or NotOnTheGrid. Staff may book at once and off
    the public grid."""
    day, minute = clock.local_minutes(starts_at, zone)
    step = 5 if by_staff else policy.slot_minutes
    if minute % step or starts_at.second or starts_at.microsecond:
        raise NotOnTheGrid(
            _("Choose a start at a multiple of %(step)s minutes.", step=step),
            fields={"start": _("a free time of the day")},
        )
    earliest = at - STAFF_MAY_ENTER_LATE if by_staff else at
    if starts_at < earliest:
        raise InThePast(_("Choose a time that lies ahead."), fields={"start": _("a time that lies ahead")})
    if by_staff:
        return
    if starts_at < at + timedelta(minutes=policy.lead_minutes):
        raise TooSoon(
            _("Please book at least %(minutes)s minutes ahead, or call the branch.", minutes=policy.lead_minutes),
            fields={"start": _("a later time")},
        )
    if starts_at >= horizon(policy, at, zone):
        opens = (day - timedelta(days=policy.horizon_days)).isoformat()
        raise TooFarAhead(
            _("This day can be booked from %(day)s on.", day=opens), fields={"start": _("an earlier date")}, opens=opens
        )


def horizon(policy: Policy, at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant that cannot be booked yet: the local midnight after the last open day."""
    day, _minute = clock.local_minutes(at, zone)
    return midnight(day + timedelta(days=policy.horizon_days + 1), zone)


def check_cancellable(terms: Terms, starts_at: datetime, *, at: datetime, by_staff: bool) -> int:
    """What cancelling costs now, in percent of the price; 0 up to the deadline.

    Raises TooLateToChange for customers after the deadline, unless the terms set a fee, and always after the start.
    """
    if not terms.is_late(starts_at, at):
        return 0
    if not by_staff and (terms.late_cancel_percent is None or at >= starts_at):
        raise TooLateToChange(_("The deadline for changes has passed. Please call the branch; they will help you."))
    return terms.late_cancel_percent or 0


def check_movable(terms: Terms, starts_at: datetime, moves: int, *, at: datetime, by_staff: bool) -> None:
    """Raises TooLateToChange or TooManyMoves for customers; staff may always."""
    if by_staff:
        return
    if at > terms.move_deadline(starts_at):
        raise TooLateToChange(_("The deadline for changes has passed. Please call the branch; they will help you."))
    if terms.max_moves is not None and moves >= terms.max_moves:
        raise TooManyMoves(_("Please call the branch; they will help you."))


def check_peak(rules: Rulebook, starts_at: datetime, zone: ZoneInfo, *, at: datetime) -> None:
    """Raises PeakClosed at a busy time that is not open yet, or that wants more notice."""
    for peak in rules.peaks_at(starts_at, zone):
        opens = peak.opens(starts_at, zone)
        if opens is not None and at < opens:
            day = clock.local_minutes(opens, zone)[0].isoformat()
            raise PeakClosed(
                _("This busy time can be booked from %(day)s on.", day=day),
                fields={"start": _("an earlier date")},
                opens=day,
            )
        if peak.lead_minutes is not None and starts_at < at + timedelta(minutes=peak.lead_minutes):
            raise PeakClosed(
                _("At this busy time, please book at least %(minutes)s minutes ahead.", minutes=peak.lead_minutes),
                fields={"start": _("a later time")},
            )


def check_kept(
    rules: Rulebook, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, *, tier: int, at: datetime
) -> None:
    """Raises NotForYou with `until`, while a part of the time is kept for a higher tier."""
    until = rules.kept_until(starts_at, ends_at, tier, at, zone)
    if until is not None:
        local = until.astimezone(zone)
        raise NotForYou(
            _("It is open to everybody from %(time)s on.", time=f"{local:%Y-%m-%d %H:%M}"), until=local.isoformat()
        )


def reminder_at(starts_at: datetime, made_at: datetime) -> datetime | None:
    """A day before; for a later booking two hours before; none for one made within three hours of its start."""
    if starts_at - made_at > timedelta(hours=26):
        return starts_at - timedelta(hours=24)
    if starts_at - made_at > timedelta(hours=3):
        return starts_at - timedelta(hours=2)
    return None


ANSWER_BEFORE = timedelta(hours=2)
"""So long before its time a request has to be answered: whoever asked must be able to make other plans."""


def answer_by(starts_at: datetime, asked_at: datetime) -> datetime:
    """Until when staff may answer a request; for one made late, half of the time that is left."""
    return starts_at - min(ANSWER_BEFORE, (starts_at - asked_at) / 2)
