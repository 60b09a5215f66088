"""Rosters as plain values, in minutes of the branch's local day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.staff.models import Person, RosterException, RosterShift
from blueprints.staff.queries.travel import ways
from blueprints.staff.rules import Shift, worked
from blueprints.staff.travel import Ways, Work, after_travel, local_span, work
from shopbell import clock
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


Week = tuple[Shift, ...]
NO_WEEK: Week = ()
Days = dict[date, list[Span]]
PerDay = dict[tuple[UUID, UUID, date], list[Span]]
"""Spans by person, branch and day."""
AROUND = 2
"""Days before and after in which work at another branch still matters: the longest way, and zones far apart."""


def roster_spans(session: Session, branch_id: UUID, first_day: date, days: int) -> dict[UUID, Days]:
    """When active people work at this branch, in minutes of its local day, for each of the days.

    Weekly shifts valid on the day, without leave, with extra work. For who also works at other branches, the way from
    there is taken off the work that begins later. Days without work and people without such days are left out.
    """
    return rosters_of(session, [branch_id], first_day, days)[branch_id]


def rosters_of(
    session: Session, branch_ids: Sequence[UUID], first_day: date, days: int
) -> dict[UUID, dict[UUID, Days]]:
    """The same for several branches, by branch and person, in as many queries as for one."""
    planned = _planned(session, first_day - timedelta(days=AROUND), days + 2 * AROUND, _people_of(branch_ids))
    floating = {person_id for person_id, found in planned.items() if len(found) > 1}
    branches = {branch.id: branch for branch in catalog.branches(session)} if floating else {}
    known = ways(session, list(branches.values())) if floating else None
    last_day = first_day + timedelta(days=days - 1)
    result: dict[UUID, dict[UUID, Days]] = {branch_id: {} for branch_id in branch_ids}
    # Who works the same week has the same object: it is cut once.
    cut: dict[int, tuple[Days, Days]] = {}
    for person_id, found in planned.items():
        works = after_travel(_works(found, branches), known) if known and person_id in floating else None
        for branch_id in result.keys() & found.keys():
            here = _here(works, branches[branch_id]) if works is not None else found[branch_id]
            spans = cut[id(here)][1] if id(here) in cut else _between(here, first_day, last_day)
            cut[id(here)] = (here, spans)
            if spans:
                result[branch_id][person_id] = spans
    return result


def _between(days: Days, first_day: date, last_day: date) -> Days:
    return {day: spans for day, spans in days.items() if first_day <= day <= last_day and spans}


def planned_work(session: Session, person_id: UUID, day: date) -> dict[UUID, Days]:
    """What somebody is to work around that day, by branch and local day: one day before and after it included."""
    return _planned(session, day - timedelta(days=1), 3, _only(person_id)).get(person_id, {})


@dataclass(frozen=True)
class Rush:
    """Work at two branches with less time between them than the way takes: bookable only from `bookable`, or not at
    all. Minutes are of each branch's local day."""

    day: date
    leaves: UUID
    until: int
    arrives: UUID
    planned: int
    minutes: int
    bookable: int | None


def rushes(session: Session, person_id: UUID, first_day: date, days: int) -> list[Rush]:
    """Where somebody's roster leaves too little time for the way, in order; the same one of a weekday once."""
    planned = _planned(session, first_day - timedelta(days=AROUND), days + 2 * AROUND, _only(person_id))
    found = planned.get(person_id, {})
    if len(found) < 2:
        return []
    branches = {branch.id: branch for branch in catalog.branches(session)}
    known = ways(session, list(branches.values()))
    works = _works(found, branches)
    left = {(work.branch_id, work.ends): work for work in after_travel(works, known)}
    result: dict[tuple[object, ...], Rush] = {}
    for later in sorted(works, key=lambda work: work.starts):
        kept = left.get((later.branch_id, later.ends))
        if (kept and kept.starts == later.starts) or not first_day <= later.day < first_day + timedelta(days=days):
            continue
        rush = _rush(later, kept, works, branches, known)
        result.setdefault((rush.day.weekday(), rush.leaves, rush.until, rush.arrives, rush.planned), rush)
    return list(result.values())


def _rush(later: Work, kept: Work | None, works: list[Work], branches: dict[UUID, BranchView], known: Ways) -> Rush:
    def arrival(earlier: Work) -> int:
        return earlier.ends + known.minutes(earlier.branch_id, later.branch_id)

    before = [work for work in works if work.branch_id != later.branch_id and work.starts <= later.starts]
    cause = max(before, key=arrival)
    here, there = (clock.zone(branches[work.branch_id].time_zone) for work in (later, cause))
    planned, until = local_span(later, here), local_span(cause, there)
    bookable = local_span(kept, here) if kept else None
    return Rush(
        later.day,
        cause.branch_id,
        until[1] if until else 0,
        later.branch_id,
        planned[0] if planned else 0,
        known.minutes(cause.branch_id, later.branch_id),
        bookable[0] if bookable else None,
    )


def _works(found: dict[UUID, Days], branches: dict[UUID, BranchView]) -> list[Work]:
    return [
        work(branch_id, day, span, clock.zone(branches[branch_id].time_zone))
        for branch_id, days in found.items()
        for day, spans in days.items()
        for span in spans
    ]


def _here(works: list[Work], branch: BranchView) -> Days:
    zone, result = clock.zone(branch.time_zone), defaultdict(list)
    for found in works:
        if found.branch_id == branch.id and (span := local_span(found, zone)):
            result[found.day].append(span)
    return result


def _people_of(branch_ids: Sequence[UUID]) -> Select[UUID]:
    """Everybody with a shift or extra work at the branches, whenever."""
    shifts = select(RosterShift.person_id).where(RosterShift.branch_id.in_(branch_ids))
    extra = select(RosterException.person_id).where(
        RosterException.branch_id.in_(branch_ids), RosterException.kind == "extra"
    )
    return select(Person.id).where(Person.active, or_(Person.id.in_(shifts), Person.id.in_(extra)))


def _only(person_id: UUID) -> Select[UUID]:
    return select(Person.id).where(Person.id == person_id)


def _planned(session: Session, first_day: date, days: int, people: Select[UUID]) -> dict[UUID, dict[UUID, Days]]:
    """What the people are to work, by person, branch and day; ways between branches are not considered."""
    calendar = [first_day + timedelta(days=number) for number in range(days)]
    shifts = _shifts(session, calendar[0], calendar[-1], people)
    leave, extra = _exceptions(session, calendar[0], calendar[-1], people)
    result: dict[UUID, dict[UUID, Days]] = defaultdict(dict)
    places = dict.fromkeys([*shifts, *((person_id, branch_id) for person_id, branch_id, _ in extra)])
    others = {person_id for person_id, _branch_id, _day in (*leave, *extra)}
    weeks: dict[int, Days] = {}
    for person_id, branch_id in places:
        own = shifts.get((person_id, branch_id), NO_WEEK)
        usual = weeks.get(id(own))
        if usual is None:
            usual = weeks[id(own)] = _usual(own, calendar)
        spans = usual
        if person_id in others:
            spans = _changed(usual, person_id, branch_id, calendar, leave, extra)
        if spans:
            result[person_id][branch_id] = spans
    return result


def _usual(own: Week, calendar: Sequence[date]) -> Days:
    """What weekly shifts come to; most people of a chain share a few weeks, and then the result."""
    found = {}
    for day in calendar:
        if spans := worked([(shift.starts, shift.ends) for shift in own if shift.covers(day)], (), ()):
            found[day] = spans
    return found


def _changed(
    usual: Days, person_id: UUID, branch_id: UUID, calendar: Sequence[date], leave: PerDay, extra: PerDay
) -> Days:
    """The same with somebody's leave and extra work."""
    found = dict(usual)
    for day in calendar:
        away = leave.get((person_id, EVERYWHERE, day), []) + leave.get((person_id, branch_id, day), [])
        more = extra.get((person_id, branch_id, day), ())
        if away or more:
            found[day] = worked(usual.get(day, ()), away, more)
    return {day: found[day] for day in calendar if found.get(day)}


def _shifts(session: Session, first_day: date, last_day: date, people: Select[UUID]) -> dict[tuple[UUID, UUID], Week]:
    """Everybody's shifts by person and branch. Those who work the same week share one object: a large chain has
    thousands of people and some dozens of weeks, which the database tells apart sooner than we do."""
    shift = func.concat_ws(
        " ",
        RosterShift.weekday,
        RosterShift.starts,
        RosterShift.ends,
        func.to_char(RosterShift.valid_from, "YYYY-MM-DD"),
        func.to_char(RosterShift.valid_to, "YYYY-MM-DD"),
    )
    statement = (
        select(
            RosterShift.person_id,
            RosterShift.branch_id,
            func.string_agg(shift, aggregate_order_by(literal(","), shift)),
        )
        .where(
            RosterShift.person_id.in_(people),
            RosterShift.valid_from <= last_day,
            or_(RosterShift.valid_to.is_(None), RosterShift.valid_to >= first_day),
        )
        .group_by(RosterShift.person_id, RosterShift.branch_id)
    )
    weeks: dict[str, Week] = {}
    result: dict[tuple[UUID, UUID], Week] = {}
    for person_id, branch_id, written in session.execute(statement):
        week = weeks.get(written)
        if week is None:
            week = weeks[written] = tuple(map(_shift, written.split(",")))
        result[person_id, branch_id] = week
    return result


def _shift(written: str) -> Shift:
    weekday, starts, ends, valid_from, *valid_to = written.split(" ")
    until = date.fromisoformat(valid_to[0]) if valid_to else None
    return Shift(int(weekday), int(starts), int(ends), date.fromisoformat(valid_from), until)


EVERYWHERE = UUID(int=0)
"""Stands for the branch of a leave that counts at all of them."""


def _exceptions(session: Session, first_day: date, last_day: date, people: Select[UUID]) -> tuple[PerDay, PerDay]:
    """Leave and extra work by person, branch and day."""
    statement = select(
        RosterException.person_id,
        RosterException.branch_id,
        RosterException.day,
        RosterException.kind,
        RosterException.starts,
        RosterException.ends,
    ).where(RosterException.person_id.in_(people), RosterException.day.between(first_day, last_day))
    leave: PerDay = defaultdict(list)
    extra: PerDay = defaultdict(list)
    for person_id, branch_id, day, kind, starts, ends in session.execute(statement):
        span = WHOLE_DAY if starts is None or ends is None else (starts, ends)
        (leave if kind == "leave" else extra)[person_id, branch_id or EVERYWHERE, day].append(span)
    return leave, extra
