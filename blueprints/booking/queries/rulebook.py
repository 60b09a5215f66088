"""Booking rules as they are written down; those of one branch are read together, in three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from blueprints.booking.errors import UnknownRule
from blueprints.booking.models import Booking, BookingPolicy, PeakRule, PriorityWindow
from blueprints.booking.queries.views import usual_terms
from blueprints.booking.rules.rulebook import Kept, Peak, Policy, Rulebook, Times
from blueprints.booking.rules.terms import NAMES, Terms, from_json
from blueprints.booking.settings import PREFIX, TERMS
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from tenants.settings import store
from tenants.settings.keys import BRANCH
from tenants.settings.rules import THE_CHAIN, Entry, Path, Place, Said

R = TypeVar("R", BookingPolicy, PeakRule, PriorityWindow)
L = TypeVar("L", PeakRule, PriorityWindow)


def rulebook(session: Session, branch: BranchView) -> Rulebook:
    """What holds at the branch: its own rules, its region's and those of the whole chain."""
    return rulebooks(session, [branch])[branch.id]


def rulebooks(
    session: Session, branches: Sequence[BranchView], on: date | None = None, known: Said | None = None
) -> dict[UUID, Rulebook]:
    """What holds at each of the branches on the day (None: today), in as many queries as for one.

    With `known` it is as if that were all that is said.
    """
    ids = [branch.id for branch in branches]
    said = terms_said(session, ids, known)
    peaks = session.scalars(select(PeakRule).where(_for(PeakRule.branch_id, ids)).order_by(PeakRule.id)).all()
    windows = session.scalars(
        select(PriorityWindow).where(_for(PriorityWindow.branch_id, ids)).order_by(PriorityWindow.id)
    ).all()
    return {
        branch.id: Rulebook(
            usual=usual_terms(branch),
            policies=tuple(policies_at(said, catalog.path_of(branch), on or catalog.today_at(branch))),
            peaks=tuple(peak_of(row) for row in peaks if _holds_at(row, branch)),
            windows=tuple(kept_of(row) for row in windows if _holds_at(row, branch)),
        )
        for branch in branches
    }


def terms_said(session: Session, branch_ids: Sequence[UUID], known: Said | None = None) -> Said:
    """All that is said; what stands in the table of policies is older than anything else."""
    rows = session.scalars(select(BookingPolicy).where(_for(BookingPolicy.branch_id, branch_ids))).all()
    ever = (
        ((TERMS[name].name, str(row.service_id or "")), Entry(_place(row), value))
        for row in rows
        for name, value in policy_of(row).terms.items()
        if value is not None
    )
    return (store.said(session) if known is None else known).including(ever)


def policies_at(said: Said, path: Path, day: date) -> Iterator[Policy]:
    """What each place on the path says on the day of all services and of single ones, but for what a lock forbids."""
    for subject in {subject for name, subject in said.entries if name.startswith(PREFIX)}:
        found: dict[int, dict[str, Any]] = defaultdict(dict)
        for name, key in TERMS.items():
            of_all = set(map(id, said.standing(key, path, day))) if subject else ()
            for entry in said.standing(key, path, day, subject):
                if id(entry) not in of_all:
                    found[entry.place.depth][name] = entry.value
        for depth, terms in found.items():
            yield Policy(depth, UUID(subject) if subject else None, {**dict.fromkeys(NAMES), **terms})


def _place(row: BookingPolicy) -> Place:
    return Place(BRANCH, row.branch_id) if row.branch_id else THE_CHAIN


def policy_of(row: BookingPolicy) -> Policy:
    return Policy(_place(row).depth, row.service_id, {name: getattr(row, name) for name in NAMES})


def peak_of(row: PeakRule) -> Peak:
    return Peak(_times(row), row.name, row.lead_minutes, row.horizon_days, row.deposit_percent, row.staff_min)


def kept_of(row: PriorityWindow) -> Kept:
    return Kept(_times(row), row.tier, row.until_hours)


def _holds_at(row: PeakRule | PriorityWindow, branch: BranchView) -> bool:
    return row.branch_id in {None, branch.id} and row.region_id in {None, branch.region_id}


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


def rules_after(session: Session, model: type[L], after: UUID | None, limit: int) -> Sequence[L]:
    """Some of a list of rules, in the order in which they were made."""
    statement = select(model).order_by(model.id).limit(limit)
    return session.scalars(statement.where(model.id > after) if after else statement).all()


def _one(session: Session, model: type[R], rule_id: UUID) -> R:
    row = session.get(model, rule_id)
    if row is None:
        raise UnknownRule
    return row
