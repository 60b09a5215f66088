"""Rosters as plain values, in minutes of the branch's local day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from blueprints.staff.models import Person, RosterException, RosterShift
from blueprints.staff.rules import Shift, worked
from shopbell.spans import WHOLE_DAY, Span


@dataclass(frozen=True)
class PeriodView:
    """A weekly roster of somebody at a branch, valid on these dates, both included: weekday (0 = Monday) to spans."""

    branch_id: UUID
    valid_from: date
    valid_to: date | None
    weekly: dict[int, list[Span]]


@dataclass(frozen=True)
class ExceptionView:
    """A day that differs: `kind` "leave" or "extra"; without a span the whole day, without a branch all of them."""

    id: UUID
    day: date
    kind: str
    branch_id: UUID | None
    span: Span | None
    reason: str


def periods_of(session: Session, person_id: UUID, first_day: date) -> list[PeriodView]:
    """Somebody's weekly rosters that have not ended by that day, by branch and date."""
    statement = (
        select(
            RosterShift.branch_id,
            RosterShift.valid_from,
            RosterShift.valid_to,
            RosterShift.weekday,
            RosterShift.starts,
            RosterShift.ends,
        )
        .where(
            RosterShift.person_id == person_id,
            or_(RosterShift.valid_to.is_(None), RosterShift.valid_to >= first_day),
        )
        .order_by(RosterShift.branch_id, RosterShift.valid_from, RosterShift.starts)
    )
    found: dict[tuple[UUID, date, date | None], PeriodView] = {}
    for branch_id, valid_from, valid_to, weekday, starts, ends in session.execute(statement):
        key = (branch_id, valid_from, valid_to)
        period = found.setdefault(key, PeriodView(branch_id, valid_from, valid_to, defaultdict(list)))
        period.weekly[weekday].append((starts, ends))
    return list(found.values())


def exceptions_of(session: Session, person_id: UUID, first_day: date) -> list[ExceptionView]:
    """Somebody's leave and extra work from that day on, in order."""
    statement = (
        select(
            RosterException.id,
            RosterException.day,
            RosterException.kind,
            RosterException.branch_id,
            RosterException.starts,
            RosterException.ends,
            RosterException.reason,
        )
        .where(RosterException.person_id == person_id, RosterException.day >= first_day)
        .order_by(RosterException.day, RosterException.starts, RosterException.id)
    )
    return [
        ExceptionView(id_, day, kind, branch_id, None if starts is None or ends is None else (starts, ends), reason)
        for id_, day, kind, branch_id, starts, ends, reason in session.execute(statement)
    ]


def roster_spans(session: Session, branch_id: UUID, first_day: date, days: int) -> dict[UUID, dict[date, list[Span]]]:
    """When active people work at this branch, in minutes of its local day, for each of the days.

    Weekly shifts valid on the day, without leave, with extra work. Days without work and people without such days are
    left out. Work at other branches does not count.
    """
    calendar = [first_day + timedelta(days=number) for number in range(days)]
    last_day = calendar[-1]
    shifts = _shifts(session, branch_id, first_day, last_day)
    leave, extra = _exceptions(session, branch_id, first_day, last_day)
    result: dict[UUID, dict[date, list[Span]]] = {}
    for person_id in shifts.keys() | {person_id for person_id, _ in extra}:
        spans = {}
        for day in calendar:
            weekly = [(shift.starts, shift.ends) for shift in shifts.get(person_id, ()) if shift.covers(day)]
            key = (person_id, day)
            if day_spans := worked(weekly, leave.get(key, ()), extra.get(key, ())):
                spans[day] = day_spans
        if spans:
            result[person_id] = spans
    return result


def _shifts(session: Session, branch_id: UUID, first_day: date, last_day: date) -> dict[UUID, list[Shift]]:
    statement = (
        select(
            RosterShift.person_id,
            RosterShift.weekday,
            RosterShift.starts,
            RosterShift.ends,
            RosterShift.valid_from,
            RosterShift.valid_to,
        )
        .join(Person, Person.id == RosterShift.person_id)
        .where(
            Person.active,
            RosterShift.branch_id == branch_id,
            RosterShift.valid_from <= last_day,
            or_(RosterShift.valid_to.is_(None), RosterShift.valid_to >= first_day),
        )
    )
    result: dict[UUID, list[Shift]] = defaultdict(list)
    for person_id, weekday, starts, ends, valid_from, valid_to in session.execute(statement):
        result[person_id].append(Shift(weekday, starts, ends, valid_from, valid_to))
    return result


PerDay = dict[tuple[UUID, date], list[Span]]


def _exceptions(session: Session, branch_id: UUID, first_day: date, last_day: date) -> tuple[PerDay, PerDay]:
    """Leave (from this branch or from all) and extra work at this branch, each by person and day."""
    statement = (
        select(
            RosterException.person_id,
            RosterException.day,
            RosterException.kind,
            RosterException.starts,
            RosterException.ends,
        )
        .join(Person, Person.id == RosterException.person_id)
        .where(
            Person.active,
            RosterException.day.between(first_day, last_day),
            or_(RosterException.branch_id == branch_id, RosterException.branch_id.is_(None)),
        )
    )
    leave: PerDay = defaultdict(list)
    extra: PerDay = defaultdict(list)
    for person_id, day, kind, starts, ends in session.execute(statement):
        span = WHOLE_DAY if starts is None or ends is None else (starts, ends)
        (leave if kind == "leave" else extra)[person_id, day].append(span)
    return leave, extra
