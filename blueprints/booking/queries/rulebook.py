"""Booking rules as they are written down; those of one branch are read together, in three queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from blueprints.booking.errors import UnknownRule
from blueprints.booking.models import Booking, BookingPolicy, PeakRule, PriorityWindow
from blueprints.booking.queries.views import usual_terms
from blueprints.booking.rules.rulebook import Kept, Peak, Policy, Rulebook, Times
from blueprints.booking.rules.terms import NAMES, Terms, from_json
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView

R = TypeVar("R", BookingPolicy, PeakRule, PriorityWindow)


def rulebook(session: Session, branch: BranchView) -> Rulebook:
    """What holds at the branch: its own rules and those of the whole chain."""
    return rulebooks(session, [branch])[branch.id]


def rulebooks(session: Session, branches: Sequence[BranchView]) -> dict[UUID, Rulebook]:
    """What holds at each of the branches, in as many queries as for one."""
    ids = [branch.id for branch in branches]
    policies = session.scalars(select(BookingPolicy).where(_for(BookingPolicy.branch_id, ids))).all()
    peaks = session.scalars(select(PeakRule).where(_for(PeakRule.branch_id, ids)).order_by(PeakRule.id)).all()
    windows = session.scalars(
        select(PriorityWindow).where(_for(PriorityWindow.branch_id, ids)).order_by(PriorityWindow.id)
    ).all()
    return {
        branch.id: Rulebook(
            usual=usual_terms(branch),
            policies=tuple(policy_of(row) for row in policies if row.branch_id in {None, branch.id}),
            peaks=tuple(peak_of(row) for row in peaks if row.branch_id in {None, branch.id}),
            windows=tuple(kept_of(row) for row in windows if row.branch_id in {None, branch.id}),
        )
        for branch in branches
    }


def policy_of(row: BookingPolicy) -> Policy:
    return Policy(row.branch_id is not None, row.service_id, {name: getattr(row, name) for name in NAMES})


def peak_of(row: PeakRule) -> Peak:
    return Peak(_times(row), row.name, row.lead_minutes, row.horizon_days, row.deposit_percent, row.staff_min)


def kept_of(row: PriorityWindow) -> Kept:
    return Kept(_times(row), row.tier, row.until_hours)


def _times(row: PeakRule | PriorityWindow) -> Times:
    return Times(row.starts, row.ends, frozenset(row.weekdays), row.first_day, row.last_day)


def _for(column: InstrumentedAttribute[UUID | None], branch_ids: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(column.is_(None), column.in_(branch_ids))


def agreed_terms(session: Session, booking: Booking) -> Terms:
    """What was agreed for an appointment; what it does not name is as usual at its branch."""
    stored = booking.terms or {}
    usual = Terms() if stored.keys() >= set(NAMES) else usual_terms(catalog.branch(session, booking.branch_id))
    return from_json(stored, usual)


def policy(session: Session, rule_id: UUID) -> BookingPolicy:
    """Raises UnknownRule."""
    return _one(session, BookingPolicy, rule_id)


def peak(session: Session, rule_id: UUID) -> PeakRule:
    """Raises UnknownRule."""
    return _one(session, PeakRule, rule_id)


def window(session: Session, rule_id: UUID) -> PriorityWindow:
    """Raises UnknownRule."""
    return _one(session, PriorityWindow, rule_id)


def all_policies(session: Session) -> list[BookingPolicy]:
    """Everything a chain has written down, the least specific first."""
    rows = list(session.scalars(select(BookingPolicy).order_by(BookingPolicy.id)))
    return sorted(rows, key=lambda row: policy_of(row).rank)


def all_peaks(session: Session) -> list[PeakRule]:
    return list(session.scalars(select(PeakRule).order_by(PeakRule.starts, PeakRule.id)))


def all_windows(session: Session) -> list[PriorityWindow]:
    return list(session.scalars(select(PriorityWindow).order_by(PriorityWindow.starts, PriorityWindow.id)))


def _one(session: Session, model: type[R], rule_id: UUID) -> R:
    row = session.get(model, rule_id)
    if row is None:
        raise UnknownRule
    return row
