"""The booking rules of a demonstration chain, its members, and what became of deposits and fees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.orm import Session

from blueprints.booking.models import Charge
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PeakInput, PolicyInput, TimesInput, WindowInput
from blueprints.crm import api as crm
from blueprints.crm import service as crm_service
from infra.demo.place import Place
from tenants.demo import DemoChain
from tenants.demo.terms import FRIDAY_EVENING, TERMS, WEEKEND
from tenants.demo.words import WAIVED

PAID_WITHIN = timedelta(hours=4)
DECIDED_WITHIN = timedelta(days=2)


def set_rules(session: Session, chain: DemoChain, branch_ids: Mapping[str, UUID]) -> None:
    """Terms of the chain, a busy weekend with a deposit, and Friday evenings kept for members."""
    rulebook.add_policy(session, PolicyInput(None, None, TERMS))
    busy = TimesInput(None, WEEKEND.weekdays, [WEEKEND.span])
    peak = PeakInput(busy, WEEKEND.name, deposit_percent=WEEKEND.deposit_percent, staff_min=WEEKEND.staff_min)
    rulebook.save_peak(session, peak)
    if chain.members_at is None or chain.members_at in branch_ids:
        where = branch_ids[chain.members_at] if chain.members_at else None
        times = TimesInput(where, FRIDAY_EVENING.weekdays, [FRIDAY_EVENING.span])
        rulebook.save_window(session, WindowInput(times, FRIDAY_EVENING.tier, FRIDAY_EVENING.until_hours))


def welcome_members(session: Session, place: Place) -> None:
    for customer in place.customers:
        if customer.tier:
            known = crm.remember(session, customer.name, customer.phone, customer.email, customer.locale)
            crm_service.set_tier(session, known, customer.tier)


def pay_deposits(session: Session, booking_ids: Sequence[UUID], now: datetime) -> None:
    """The deposits of these appointments were paid soon after; one that was asked for just now is still due."""
    paid = Charge.created_at + PAID_WITHIN / 2
    decide(session, booking_ids, "paid", paid, Charge.kind == "deposit", Charge.created_at < now - PAID_WITHIN)


def settle_fees(session: Session, place: Place, booking_ids: Sequence[UUID], now: datetime) -> None:
    """Of the older fees of these appointments one in three was waived; the others were paid."""
    fees = (Charge.kind != "deposit", Charge.created_at < now - DECIDED_WITHIN)
    decided = Charge.created_at + DECIDED_WITHIN / 2
    waived = func.hashtext(func.cast(Charge.booking_id, Charge.kind.type)) % 3 == 0
    decide(session, booking_ids, "waived", decided, *fees, waived, reason=WAIVED[place.branch.tongue])
    decide(session, booking_ids, "paid", decided, *fees)


def decide(
    session: Session,
    booking_ids: Sequence[UUID],
    state: str,
    at: ColumnElement[datetime],
    *which: ColumnElement[bool],
    reason: str = "",
) -> None:
    due = update(Charge).where(Charge.booking_id.in_(booking_ids), Charge.state == "due", *which)
    session.execute(due.values(state=state, decided_at=at, reason=reason).execution_options(synchronize_session=False))
