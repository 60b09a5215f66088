"""When branches are open, in minutes of their local days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog.models import OpeningException, OpeningHours
from blueprints.catalog.queries.catalogue import BranchView
from blueprints.catalog.rules import State, open_on, state
from shopbell import clock
from shopbell.spans import Span

Weekly = dict[int, list[Span]]
Days = dict[date, list[Span]]


@dataclass(frozen=True)
class ExceptionView:
    """A day with hours of its own; closed when it has no spans."""

    day: date
    spans: list[Span]
    reason: str


def opening_spans(session: Session, branch_id: UUID, first_day: date, days: int) -> dict[date, list[Span]]:
    """When the branch is open on each of the days, in minutes of its local day; a closed day has an empty list."""
    last_day = first_day + timedelta(days=days - 1)
    weekly = _weekly(session, [branch_id])[branch_id]
    exceptions = _exceptions(session, [branch_id], first_day, last_day)[branch_id]
    return open_on(first_day, days, weekly, exceptions)


def weekly_hours(session: Session, branch_id: UUID) -> Weekly:
    """The spans of each weekday (0 = Monday) in order; a weekday without any is left out."""
    return {weekday: sorted(spans) for weekday, spans in _weekly(session, [branch_id])[branch_id].items()}


def exceptions_from(session: Session, branch_id: UUID, first_day: date) -> list[ExceptionView]:
    """The days from `first_day` on that have hours of their own, in order."""
    statement = (
        select(OpeningException.day, OpeningException.opens, OpeningException.closes, OpeningException.reason)
        .where(OpeningException.branch_id == branch_id, OpeningException.day >= first_day)
        .order_by(OpeningException.day, OpeningException.opens)
    )
    found: dict[date, ExceptionView] = {}
    for day, opens, closes, reason in session.execute(statement):
        view = found.setdefault(day, ExceptionView(day, [], reason))
        view.spans.extend([] if opens is None or closes is None else [(opens, closes)])
    return list(found.values())


def states(session: Session, branches: Sequence[BranchView], at: datetime) -> dict[UUID, State]:
    """What each branch is doing at that instant, by its own clock."""
    ids = [branch.id for branch in branches]
    local = {branch.id: clock.local_minutes(at, clock.zone(branch.time_zone)) for branch in branches}
    days = [day for day, _ in local.values()] or [at.date()]
    weekly = _weekly(session, ids)
    exceptions = _exceptions(session, ids, min(days), max(days))
    result = {}
    for branch in branches:
        day, minute = local[branch.id]
        spans = open_on(day, 1, weekly[branch.id], exceptions[branch.id])[day]
        result[branch.id] = state(branch.is_open, spans, minute)
    return result


def _weekly(session: Session, branch_ids: Iterable[UUID]) -> dict[UUID, Weekly]:
    found: dict[UUID, Weekly] = defaultdict(lambda: defaultdict(list))
    statement = select(OpeningHours.branch_id, OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
    for branch_id, weekday, opens, closes in session.execute(
        statement.where(OpeningHours.branch_id.in_(list(branch_ids)))
    ):
        found[branch_id][weekday].append((opens, closes))
    return found


def _exceptions(session: Session, branch_ids: Iterable[UUID], first_day: date, last_day: date) -> dict[UUID, Days]:
    found: dict[UUID, Days] = defaultdict(lambda: defaultdict(list))
    statement = select(
        OpeningException.branch_id, OpeningException.day, OpeningException.opens, OpeningException.closes
    ).where(
        OpeningException.branch_id.in_(list(branch_ids)),
        OpeningException.day.between(first_day, last_day),
    )
    for branch_id, day, opens, closes in session.execute(statement):
        found[branch_id][day].extend([] if opens is None or closes is None else [(opens, closes)])
    return found
