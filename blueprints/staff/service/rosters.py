"""Weekly rosters and the days that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.staff import queries
from blueprints.staff.errors import BadRoster, UnknownLeave
from blueprints.staff.models import RosterException, RosterShift
from blueprints.staff.service.people import require_person
from blueprints.staff.travel import work
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from shopbell.spans import Span, overlap, spans_text
from shopbell.tenancy import current_tenant

LONGEST_LEAVE = 366


def set_weekly_roster(
    session: Session, person_id: UUID, branch_id: UUID, weekly: Mapping[int, Sequence[Span]], *, valid_from: date
) -> None:
    """From `valid_from` on, the person works these spans at this branch: weekday (0 = Monday) to spans.

    Earlier weeks keep what they had; work at other branches is not touched but must not overlap. Locks the person. May
    be repeated. Raises UnknownPerson, UnknownBranch, or BadRoster naming "hours.<weekday>" or "valid_from".
    """
    require_person(session, person_id, lock=True)
    catalog.branch(session, branch_id)
    checks = Checks()
    checks.day("valid_from", valid_from)
    spans = {weekday: checks.spans(f"hours.{weekday}", weekly.get(weekday, ())) for weekday in range(7)}
    elsewhere = _elsewhere(session, person_id, branch_id, valid_from)
    for weekday, found in spans.items():
        if any(overlap([span, other]) for span in found for other in elsewhere[weekday]):
            checks.refuse(f"hours.{weekday}", _("This person works at another branch at that time."))
    checks.settle(BadRoster)
    _end_shifts(session, person_id, branch_id, valid_from)
    common = {"person_id": person_id, "branch_id": branch_id, "valid_from": valid_from}
    rows = [
        {"id": ids.uuid7(), "weekday": weekday, "starts": starts, "ends": ends, **common}
        for weekday, found in spans.items()
        for starts, ends in found
    ]
    if rows:
        session.execute(insert(RosterShift), rows)


def add_leave(
    session: Session,
    person_id: UUID,
    first_day: date | None,
    last_day: date | None = None,
    *,
    span: Span | None = None,
    reason: str = "",
) -> None:
    """The person is away on these days, at every branch; with `span` only for those minutes of each day.

    May be repeated: a day that already has this leave gets no second one. Raises UnknownPerson, or BadRoster naming
    "first_day", "last_day" or "span".
    """
    require_person(session, person_id, lock=True)
    checks = Checks()
    text = checks.line("reason", reason, required=False)
    checks.spans("span", [span] if span else [])
    days = _days(checks, first_day, last_day or first_day)
    checks.settle(BadRoster)
    starts, ends = span or (None, None)
    had = set(
        session.scalars(
            select(RosterException.day).where(
                RosterException.person_id == person_id,
                RosterException.kind == "leave",
                RosterException.branch_id.is_(None),
                RosterException.day.in_(days),
                RosterException.starts.is_not_distinct_from(starts),
                RosterException.ends.is_not_distinct_from(ends),
            )
        )
    )
    common = {"person_id": person_id, "kind": "leave", "starts": starts, "ends": ends, "reason": text}
    rows = [{"id": ids.uuid7(), "day": day, **common} for day in days if day not in had]
    if rows:
        session.execute(insert(RosterException), rows)


def add_extra(
    session: Session, person_id: UUID, branch_id: UUID, day: date | None, span: Span, *, reason: str = ""
) -> None:
    """The person also works these minutes of that day at the branch. May be repeated.

    Raises UnknownPerson, UnknownBranch, or BadRoster naming "first_day" or "span": also when they work at another
    branch then, unless leave keeps that time free.
    """
    require_person(session, person_id, lock=True)
    catalog.branch(session, branch_id)
    checks = Checks()
    text = checks.line("reason", reason, required=False)
    checks.spans("span", [span])
    _days(checks, day, day)
    checks.settle(BadRoster)
    if day and (elsewhere := works_elsewhere(session, person_id, branch_id, day, span)):
        name, hours = elsewhere
        sentence = _("This person works at %(branch)s %(hours)s that day. Add leave for that time first.")
        checks.refuse("span", sentence % {"branch": localized(name, current_tenant().locale), "hours": hours})
    checks.settle(BadRoster)
    place = {"person_id": person_id, "branch_id": branch_id, "day": day, "kind": "extra"}
    same = {**place, "starts": span[0], "ends": span[1]}
    if session.scalar(select(RosterException.id).filter_by(**same)) is None:
        session.execute(insert(RosterException).values(id=ids.uuid7(), reason=text, **same))


def drop_exception(session: Session, person_id: UUID, exception_id: UUID) -> None:
    """Take back a leave or extra work. Raises UnknownLeave when the person has no such entry."""
    dropped = session.execute(
        delete(RosterException)
        .where(RosterException.id == exception_id, RosterException.person_id == person_id)
        .returning(RosterException.id)
    )
    if dropped.first() is None:
        raise UnknownLeave


def works_elsewhere(
    session: Session, person_id: UUID, branch_id: UUID, day: date, span: Span
) -> tuple[dict[str, str], str] | None:
    """The name of another branch at which the person works in that span, and their hours there."""
    branches = {branch.id: branch for branch in catalog.branches(session)}
    found = queries.planned_work(session, person_id, day)
    here = work(branch_id, day, span, clock.zone(branches[branch_id].time_zone))
    for other_id, days in found.items():
        zone = clock.zone(branches[other_id].time_zone)
        for other_day, spans in days.items():
            there = [work(other_id, other_day, other, zone) for other in spans] if other_id != branch_id else []
            if any(other.starts < here.ends and here.starts < other.ends for other in there):
                return branches[other_id].name, spans_text(spans)
    return None


def _elsewhere(session: Session, person_id: UUID, branch_id: UUID, valid_from: date) -> dict[int, list[Span]]:
    """What the person works at other branches from that date on, by weekday."""
    statement = select(RosterShift.weekday, RosterShift.starts, RosterShift.ends).where(
        RosterShift.person_id == person_id,
        RosterShift.branch_id != branch_id,
        or_(RosterShift.valid_to.is_(None), RosterShift.valid_to >= valid_from),
    )
    result: dict[int, list[Span]] = defaultdict(list)
    for weekday, starts, ends in session.execute(statement):
        result[weekday].append((starts, ends))
    return result


def _end_shifts(session: Session, person_id: UUID, branch_id: UUID, day: date) -> None:
    """Shifts that begin on the day or later go; those that began before end on the day before."""
    here = (RosterShift.person_id == person_id, RosterShift.branch_id == branch_id)
    session.execute(delete(RosterShift).where(*here, RosterShift.valid_from >= day))
    session.execute(
        update(RosterShift)
        .where(*here, or_(RosterShift.valid_to.is_(None), RosterShift.valid_to >= day))
        .values(valid_to=day - timedelta(days=1))
        .execution_options(synchronize_session=False)
    )


def _days(checks: Checks, first_day: date | None, last_day: date | None) -> list[date]:
    first = checks.day("first_day", first_day)
    last = checks.day("last_day", last_day) if first_day else first
    count = (last - first).days + 1
    if count < 1:
        checks.refuse("last_day", _("The last day comes before the first."))
    if count > LONGEST_LEAVE:
        checks.refuse("last_day", _("At most %(count)s days at once.", count=LONGEST_LEAVE))
        return []
    return [first + timedelta(days=number) for number in range(count)]
