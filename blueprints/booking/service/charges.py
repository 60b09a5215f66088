"""Deposits and fees: written down when the terms ask for them, and settled by staff.

No money moves here: a charge says what is owed, and what was made of it. Of each kind an appointment has one at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.booking.errors import NotPossible, UnknownCharge
from blueprints.booking.models import Booking, Charge
from blueprints.booking.queries.charges import no_shows
from blueprints.booking.rules import fees
from blueprints.booking.rules.fees import Ending
from blueprints.booking.rules.terms import Terms, share
from blueprints.booking.service import late, overrides
from shopbell import clock, ids
from shopbell.db import table
from shopbell.i18n import gettext as _
from shopbell.loaded import Loaded
from shopbell.prepared import Prepared

_NEW = insert(table(Charge))
WRITE = Prepared(_NEW.on_conflict_do_nothing(index_elements=["booking_id", "kind"]))
AGAIN = Prepared(
    _NEW.on_conflict_do_update(
        index_elements=["booking_id", "kind"],
        set_={name: _NEW.excluded[name] for name in ("amount_minor", "state", "reason", "decided_by", "decided_at")},
        # What somebody has paid or was given back stays as it was.
        where=text("booking_charges.state in ('due', 'waived', 'dropped')"),
    )
)
Row = Booking | Mapping[str, Any]


def deposit_percent(session: Session, terms: Terms, peak_percent: int, customer_id: UUID | None) -> int:
    """The deposit that the terms, the busy time or the customer's missed visits ask for; one query at most."""
    if customer_id is None or terms.no_shows_for_deposit is None:
        return terms.deposit(peak_percent, 0)
    return terms.deposit(peak_percent, no_shows(session, customer_id))


def on_reserved(session: Session, row: Row, terms: Terms, peak_percent: int, customer_id: UUID | None) -> int:
    """To be called for each appointment as it is made, or made of a hold; harmless to repeat.

    Writes the deposit, if one is asked for, and has somebody's absence noticed. Returns the deposit in minor units.
    """
    late.watch(session, _value(row, "id"), _value(row, "starts_at"), terms)
    amount = share(_value(row, "price_minor"), deposit_percent(session, terms, peak_percent, customer_id))
    if amount:
        _write(session, row, "deposit", amount)
    return amount


def on_moved(session: Session, booking: Booking, terms: Terms, peak_percent: int) -> None:
    """To be called once an appointment has its new time: a busier one may ask for a deposit, or for a higher one.

    One that was paid, waived or given back stays as it is.
    """
    late.watch(session, booking.id, booking.starts_at, terms)
    amount = share(booking.price_minor, max(terms.deposit_percent, peak_percent))
    if not amount:
        return
    deposit = _of(session, booking.id, "deposit")
    if deposit is None:
        _write(session, booking, "deposit", amount)
    elif deposit.state == "due" and deposit.amount_minor < amount:
        deposit.amount_minor = amount
        session.flush()


def on_cancelled(
    session: Session,
    booking: Booking,
    terms: Terms,
    *,
    at: datetime,
    by: str,
    waive: str | None = None,
    user_id: UUID | None = None,
    requested: bool = False,
) -> None:
    """To be called with an appointment that was just cancelled: the fee is written and the deposit kept or given back.

    It costs something when customer, client or staff cancel after the deadline; never when the house does it (any other
    `by`), when it was only `requested`, or with a reason to `waive` it, which is recorded. Raises ReasonMissing.
    """
    late.forget(session, booking.id)
    costs = terms.is_late(booking.starts_at, at) and by in {"customer", "client", "staff"} and not requested
    percent = terms.late_cancel_percent or 0
    _end(session, booking, "late_cancel", percent, costs=costs, waive=waive, user_id=user_id)


def no_show(session: Session, booking: Booking, terms: Terms) -> None:
    """Nobody came: the fee is written, a paid deposit is kept."""
    late.forget(session, booking.id)
    _end(session, booking, "no_show", terms.no_show_percent, costs=True)


def came_after_all(session: Session, booking: Booking) -> None:
    """A no-show was a mistake: an unpaid fee is forgotten, a kept deposit is a paid one again."""
    fee, deposit = _of(session, booking.id, "no_show"), _of(session, booking.id, "deposit")
    if fee is not None and fee.state == "due":
        _decide(fee, "dropped", "", None)
    if deposit is not None and deposit.state in {"kept", "dropped"}:
        _decide(deposit, "paid" if deposit.state == "kept" else "due", "", None)
    session.flush()


def settle(session: Session, charge_id: UUID, state: str, reason: str, user_id: UUID | None) -> Charge:
    """Say what became of a charge: paid, kept, refunded, waived, or due again. Repeating changes nothing.

    All but "paid" and "due" need a reason. Waiving is recorded as an override too. Locks the charge. Raises
    UnknownCharge, NotPossible for a step that does not follow from the state it has, ReasonMissing.
    """
    charge = session.get(Charge, charge_id, with_for_update=True, populate_existing=True)
    if charge is None:
        raise UnknownCharge
    if charge.state == state:
        return charge
    if state not in fees.STEPS.get(charge.state, ()):
        raise NotPossible(_("Somebody has decided this differently meanwhile. Look at it again."))
    if state in fees.WITH_REASON:
        reason = overrides.checked_reason(reason)
    if state == "waived":
        overrides.record(session, charge.booking_id, "fee_waived", reason, user_id)
    _decide(charge, state, reason, user_id)
    session.flush()
    return charge


def _end(
    session: Session,
    booking: Booking,
    kind: str,
    percent: int,
    *,
    costs: bool,
    waive: str | None = None,
    user_id: UUID | None = None,
) -> None:
    deposit = _of(session, booking.id, "deposit")
    state, amount = (deposit.state, deposit.amount_minor) if deposit else (None, 0)
    ending = fees.early_end(booking.price_minor, percent, state, amount, costs=costs)
    reason = overrides.checked_reason(waive) if waive is not None and costs else ""
    if reason and (ending.fee_minor or ending.deposit == "kept"):
        overrides.record(session, booking.id, "fee_waived", reason, user_id)
        if ending.fee_minor:
            _write(session, booking, kind, ending.fee_minor, state="waived", reason=reason, user_id=user_id, again=True)
        ending = Ending("refunded" if ending.deposit == "kept" else ending.deposit, 0)
    if deposit is not None and ending.deposit not in {None, deposit.state}:
        _decide(deposit, ending.deposit or deposit.state, reason, user_id)
    if ending.fee_minor:
        _write(session, booking, kind, ending.fee_minor, again=True)
    session.flush()


OF_BOOKING = Loaded(
    Charge,
    select(Charge)
    .where(Charge.booking_id == bindparam("booking"), Charge.kind == bindparam("of_kind"))
    .with_for_update(),
)


def _of(session: Session, booking_id: UUID, kind: str) -> Charge | None:
    found = OF_BOOKING.run(session, {"booking": booking_id, "of_kind": kind})
    return found[0] if found else None


def _write(
    session: Session,
    row: Row,
    kind: str,
    amount_minor: int,
    *,
    state: str = "due",
    reason: str = "",
    user_id: UUID | None = None,
    again: bool = False,
) -> None:
    values = {
        "id": ids.uuid7(),
        "branch_id": _value(row, "branch_id"),
        "booking_id": _value(row, "id"),
        "kind": kind,
        "amount_minor": amount_minor,
        "currency": _value(row, "currency"),
        "state": state,
        "reason": reason,
        "decided_by": user_id,
        "created_at": clock.now(),
        "decided_at": None if state == "due" else clock.now(),
    }
    (AGAIN if again else WRITE).run(session, values)


def _decide(charge: Charge, state: str, reason: str, user_id: UUID | None) -> None:
    charge.state, charge.reason, charge.decided_by = state, reason, user_id
    charge.decided_at = None if state == "due" else clock.now()


def _value(row: Row, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)
