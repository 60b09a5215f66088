"""When branches are open, in minutes of their local days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog.errors import UnknownBranch
from blueprints.catalog.models import Branch, OpeningException, OpeningHours
from blueprints.catalog.queries.views import BranchView
from blueprints.catalog.rules import HolidayRule, State, open_on, state
from shopbell import clock
from shopbell.spans import Span

Weekly = dict[int, list[Span]]
Days = dict[date, list[Span]]


@dataclass(frozen=True)
class ExceptionView:
    """A day with hours of its own; closed when it has no spans. `from_text`: it follows from hours as written."""

    day: date
    spans: list[Span]
    reason: str
    from_text: bool = False


@dataclass(frozen=True)
class WrittenHours:
    """Hours as somebody wrote them, empty when nobody did, and the last day for which they have been worked out."""

    text: str
    until: date | None


@dataclass
class _Usual:
    """What holds on a day without hours of its own."""

    weekly: Weekly = field(default_factory=lambda: defaultdict(list))
    holidays: HolidayRule = field(default_factory=HolidayRule)


def opening_spans(session: Session, branch_id: UUID, first_day: date, days: int) -> dict[date, list[Span]]:
    """When the branch is open on each of the days, in minutes of its local day; a closed day has an empty list.

    Hours of the day itself come before the rule for official holidays, and that before the weekly hours.
    """
    return opening_of(session, [branch_id], first_day, days)[branch_id]


def opening_of(session: Session, branch_ids: Sequence[UUID], first_day: date, days: int) -> dict[UUID, Days]:
    """The same for several branches, in as many queries as for one."""
    last_day = first_day + timedelta(days=days - 1)
    usual = _usual(session, branch_ids)
    exceptions = _exceptions(session, branch_ids, first_day, last_day)
    return {
        branch_id: open_on(first_day, days, usual[branch_id].weekly, exceptions[branch_id], usual[branch_id].holidays)
        for branch_id in branch_ids
    }


def weekly_hours(session: Session, branch_id: UUID) -> Weekly:
    """The spans of each weekday (0 = Monday) in order; a weekday without any is left out."""
    return {weekday: sorted(spans) for weekday, spans in _usual(session, [branch_id])[branch_id].weekly.items()}


def written_hours(session: Session, branch_id: UUID) -> WrittenHours:
    """Raises UnknownBranch."""
    row = session.execute(select(Branch.hours_text, Branch.hours_text_until).where(Branch.id == branch_id)).first()
    if row is None:
        raise UnknownBranch
    return WrittenHours(*row)


def branches_with_written_hours(session: Session) -> list[UUID]:
    return list(session.scalars(select(Branch.id).where(Branch.hours_text != "").order_by(Branch.position)))


def exceptions_from(session: Session, branch_id: UUID, first_day: date) -> list[ExceptionView]:
    """The days from `first_day` on that have hours of their own, in order."""
    columns = (OpeningException.day, OpeningException.opens, OpeningException.closes, OpeningException.reason)
    statement = (
        select(*columns, OpeningException.from_text)
        .where(OpeningException.branch_id == branch_id, OpeningException.day >= first_day)
        .order_by(OpeningException.day, OpeningException.opens)
    )
    found: dict[date, ExceptionView] = {}
    for day, opens, closes, reason, from_text in session.execute(statement):
        view = found.setdefault(day, ExceptionView(day, [], reason, from_text))
        view.spans.extend([] if opens is None or closes is None else [(opens, closes)])
    return list(found.values())


def states(session: Session, branches: Sequence[BranchView], at: datetime) -> dict[UUID, State]:
    """What each branch is doing at that instant, by its own clock."""
    ids = [branch.id for branch in branches]
    local = {branch.id: clock.local_minutes(at, clock.zone(branch.time_zone)) for branch in branches}
    days = [day for day, _ in local.values()] or [at.date()]
    usual = _usual(session, ids)
    exceptions = _exceptions(session, ids, min(days), max(days))
    result = {}
    for branch in branches:
        day, minute = local[branch.id]
        own = usual[branch.id]
        spans = open_on(day, 1, own.weekly, exceptions[branch.id], own.holidays)[day]
        result[branch.id] = state(branch.is_open, spans, minute)
    return result


def _usual(session: Session, branch_ids: Iterable[UUID]) -> dict[UUID, _Usual]:
    """The weekly hours and the holiday rule of each branch, in one query."""
    found: dict[UUID, _Usual] = defaultdict(_Usual)
    statement = (
        select(
            Branch.id,
            Branch.holiday_calendar,
            Branch.holiday_hours,
            Branch.makeup_hours,
            OpeningHours.weekday,
            OpeningHours.opens,
            OpeningHours.closes,
        )
        .outerjoin_from(Branch, OpeningHours, OpeningHours.branch_id == Branch.id)
        .where(Branch.id.in_(list(branch_ids)))
    )
    for branch_id, calendar, on_holidays, on_makeup_days, weekday, opens, closes in session.execute(statement):
        usual = found[branch_id]
        usual.holidays = HolidayRule(calendar, on_holidays, on_makeup_days)
        if weekday is not None:
            usual.weekly[weekday].append((opens, closes))
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
