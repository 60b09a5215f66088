"""What is agreed with a booking, in sentences: the same before booking and on the customer's own page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from blueprints.booking.api import BookingDetails, ChargeView, Terms, share, together
from shopbell.i18n import current_locale, ngettext
from shopbell.i18n import gettext as _
from shopbell.money import format_money
from shopbell.pages.environment import clock_time, dated


@dataclass(frozen=True)
class Agreed:
    """An appointment or a whole visit with its terms. Money is in minor units; `moves` counts those made already.

    `deposit_minor` is what is asked for this time and this customer.
    """

    terms: Terms
    starts_at: datetime
    zone: ZoneInfo
    price_minor: int
    currency: str
    deposit_minor: int = 0
    moves: int = 0

    def must_call(self, now: datetime) -> bool:
        """Whether only the branch can move or cancel it."""
        terms, start = self.terms, self.starts_at
        late = terms.late_cancel_percent is None and terms.cancel_deadline(start) < now
        return late and (terms.move_deadline(start) < now or self._moves_left() == 0)

    def sentences(self, now: datetime) -> list[str]:
        """Until when it may be cancelled and moved, what that and staying away cost, and the deposit."""
        found = [*self._changing(now), *self._costs(now), self._deposit()]
        return [sentence for sentence in found if sentence]

    def _changing(self, now: datetime) -> list[str]:
        terms, start = self.terms, self.starts_at
        cancel, move, left = terms.cancel_deadline(start), terms.move_deadline(start), self._moves_left()
        if self.must_call(now):
            return [_("This is soon: to move or cancel it, please call us.")]
        if cancel == move and now <= cancel and left != 0:
            return [
                _("You can move or cancel online until %(moment)s.", moment=self._moment(cancel)),
                self._limit(left),
            ]
        found = []
        if now <= cancel:
            found.append(_("You can cancel online until %(moment)s.", moment=self._moment(cancel)))
        elif terms.late_cancel_percent is None:
            found.append(_("To cancel it, please call us."))
        return found + self.about_moving(now)

    def about_moving(self, now: datetime) -> list[str]:
        """Until when, and how often, it may be moved."""
        move, left = self.terms.move_deadline(self.starts_at), self._moves_left()
        if now > move or left == 0:
            return [_("To move it, please call us.")]
        until = _("You can move it online until %(moment)s.", moment=self._moment(move))
        return [until, self._limit(left)]

    def _limit(self, left: int | None) -> str:
        if left is None:
            return ""
        return ngettext("You can move it once.", "You can move it %(n)s times.", left)

    def _moves_left(self) -> int | None:
        most = self.terms.max_moves
        return None if most is None else max(0, most - self.moves)

    def _costs(self, now: datetime) -> list[str]:
        late, missed = self.terms.late_cancel_percent, self.terms.no_show_percent
        found = []
        if late:
            fee = self._money(share(self.price_minor, late))
            if now <= self.terms.cancel_deadline(self.starts_at):
                found.append(_("Cancelling later costs %(amount)s.", amount=fee))
            else:
                found.append(_("It is too late to cancel free of charge: cancelling costs %(amount)s.", amount=fee))
        elif late == 0:
            found.append(_("Cancelling later costs nothing either, as long as you tell us."))
        if missed:
            amount = self._money(share(self.price_minor, missed))
            found.append(_("If you do not come, that costs %(amount)s.", amount=amount))
        minutes = self.terms.no_show_after_minutes
        if minutes is not None:
            found.append(_("If you are more than %(minutes)s minutes late, we give your time away.", minutes=minutes))
        return found

    def _deposit(self) -> str:
        if not self.deposit_minor:
            return ""
        return _(
            "A deposit of %(amount)s is due; you get it back if you cancel in time.",
            amount=self._money(self.deposit_minor),
        )

    def _moment(self, instant: datetime) -> str:
        return f"{dated('full', instant, self.zone)} · {clock_time(instant, self.zone)}"

    def _money(self, minor: int) -> str:
        return format_money(minor, self.currency, current_locale())


def agreed_of(rows: Sequence[BookingDetails], zone: ZoneInfo, charges: Iterable[ChargeView] = ()) -> Agreed:
    """What was agreed for the appointments of one visit, with the deposits that are due for it or paid."""
    first = min(rows, key=lambda row: row.starts_at)
    due = [one.amount_minor for one in charges if one.kind == "deposit" and one.state in {"due", "paid"}]
    return Agreed(
        terms=together([row.terms for row in rows]),
        starts_at=first.starts_at,
        zone=zone,
        price_minor=sum(row.price_minor for row in rows),
        currency=first.currency,
        deposit_minor=sum(due),
        moves=max(row.moves for row in rows),
    )


def settled(charges: Iterable[ChargeView]) -> list[str]:
    """What became of deposits and fees, in sentences; of each kind and state the sum."""
    sums: dict[tuple[str, str], int] = {}
    currency = ""
    for one in charges:
        currency = one.currency
        sums[one.kind, one.state] = sums.get((one.kind, one.state), 0) + one.amount_minor
    said = {
        ("deposit", "due"): _("A deposit of %(amount)s is due; you get it back if you cancel in time."),
        ("deposit", "paid"): _("Your deposit of %(amount)s is paid; you get it back if you cancel in time."),
        ("deposit", "kept"): _("Your deposit of %(amount)s is kept."),
        ("deposit", "refunded"): _("Your deposit of %(amount)s is given back."),
        ("deposit", "waived"): _("You need not pay the deposit of %(amount)s."),
        ("late_cancel", "due"): _("Cancelling late costs %(amount)s."),
        ("late_cancel", "paid"): _("You have paid %(amount)s for cancelling late."),
        ("late_cancel", "waived"): _("You need not pay the %(amount)s for cancelling late."),
        ("no_show", "due"): _("Nobody came to this appointment; that costs %(amount)s."),
        ("no_show", "paid"): _("You have paid %(amount)s for the appointment that nobody came to."),
        ("no_show", "waived"): _("You need not pay the %(amount)s for the appointment that nobody came to."),
    }
    return [said[key] % {"amount": format_money(sums[key], currency, current_locale())} for key in said if key in sums]
