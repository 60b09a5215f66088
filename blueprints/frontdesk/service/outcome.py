"""What became of an operation, and checks that every kind of work needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.frontdesk.values import Desk
from shopbell import clock
from shopbell.errors import Forbidden, Invalid
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class Outcome:
    """The appointment or walk-in it was about, whether it stands as it is, and what else the device should know."""

    id: UUID
    stands: bool = True
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return "applied" if self.stands else "clash"


def of_this_branch(session: Session, desk: Desk, booking_id: UUID) -> None:
    if booking.branch_of(session, booking_id) != desk.branch_id:
        raise booking.UnknownBooking(_("This appointment is not in this branch's book."))


def walk_in_of_this_branch(session: Session, desk: Desk, walk_in_id: UUID) -> None:
    if booking.branch_of_walk_in(session, walk_in_id) != desk.branch_id:
        raise booking.UnknownBooking(_("Nobody with this number is in the queue."))


def instant(desk: Desk, day: date, minute: int) -> datetime:
    """Raises Invalid for a time that the clocks skip on that day."""
    try:
        return clock.at_local(day, minute, desk.zone)
    except (clock.SkippedLocalTime, OverflowError) as error:
        hint = _("On this day the clocks skip this time. Choose another one.")
        raise Invalid(hint, fields={"start": hint}) from error


def override(desk: Desk, reason: str | None) -> booking.Override | None:
    """Raises Forbidden for those who may not set rules aside."""
    if reason is None:
        return None
    if not desk.may("booking.override"):
        raise Forbidden(_("Only a manager may book against the rules."))
    return booking.Override(reason.strip(), desk.user_id)


def may_waive(desk: Desk) -> None:
    """Raises Forbidden for those who may not let somebody off."""
    if not desk.may("booking.charges"):
        raise Forbidden(_("Only a manager may waive what is owed."))
