"""When branches are open, in minutes of their local days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog.errors import UnknownBranch
from blueprints.catalog.models import Branch, OpeningHours
from blueprints.catalog.queries.days import (
    Days,
    ExceptionView,
    days_at,
    exceptions_at,
    own_as_said,
    own_days,
    own_exceptions,
)
from blueprints.catalog.queries.settled import VERSION
from blueprints.catalog.queries.views import BranchView
from blueprints.catalog.rules import NO_HOLIDAYS, HolidayRule, State, open_on, state
from blueprints.catalog.settings import HOLIDAY_CALENDAR, HOLIDAYS, HOURS
from shopbell import clock
from shopbell.config_version import remembered
from shopbell.spans import Span
from tenants.settings import store
from tenants.settings.rules import Entry, Path, Said, Statement, path_to

Weekly = dict[int, list[Span]]


@dataclass(frozen=True)
class WrittenHours:
    """Hours as somebody wrote them, empty when nobody did, and the last day for which they have been worked out."""

    text: str
    until: date | None


@dataclass
class _Usual:
    """What holds on days without hours of their own: what the branch's own columns and tables say (`holidays` in the
    order of a HolidayRule's fields), else what is said above it. `above` lacks what the branches' tables say."""

    path: Path
    time_zone: str
    holidays: tuple[str, ...]
    said: Said = field(default_factory=Said)
    above: Said = field(default_factory=Said)
    week: Weekly = field(default_factory=lambda: defaultdict(list))

    @property
    def today(self) -> date:
        return clock.local_minutes(clock.now(), clock.zone(self.time_zone))[0]

    def weekly(self, day: date) -> Weekly:
        week = self.said.value(HOURS, self.path, day)
        return {int(weekday): [(opens, closes) for opens, closes in spans] for weekday, spans in week.items()}

    def rule(self, day: date) -> HolidayRule:
        """Without a calendar the other two say nothing."""
        if not self.said.value(HOLIDAY_CALENDAR, self.path, day):
            return NO_HOLIDAYS
        return HolidayRule(*(self.said.value(key, self.path, day) for key in HOLIDAYS))

    def ever(self) -> Iterator[tuple[Statement, Entry]]:
        """What the branch's own columns and tables say is older than anything else."""
        if self.week:
            yield (HOURS.name, ""), Entry(self.path[-1], _as_said(self.week))
        for key, value in zip(HOLIDAYS, self.holidays, strict=True):
            if value != key.default:
                yield (key.name, ""), Entry(self.path[-1], value)

    def open_on(self, first_day: date, last_day: date, own: Days) -> Days:
        """The spans of each of the days; from a day on the week and the rule for holidays may be others."""
        exceptions = days_at(self.above, self.path, own, first_day, last_day)
        begins = [first_day, *self.said.days_of((HOURS, *HOLIDAYS), self.path, first_day, last_day)]
        found: Days = {}
        for start, after in zip(begins, [*begins[1:], last_day + timedelta(days=1)], strict=True):
            found |= open_on(start, (after - start).days, self.weekly(start), exceptions, self.rule(start))
        return found


def opening_spans(session: Session, branch_id: UUID, first_day: date, days: int) -> dict[date, list[Span]]:
    """When the branch is open on each of the days, in minutes of its local day; a closed day has an empty list.

    Hours of the day itself come before the rule for official holidays, and that before the weekly hours.
    """
    return opening_of(session, [branch_id], first_day, days)[branch_id]


def opening_of(session: Session, branch_ids: Sequence[UUID], first_day: date, days: int) -> dict[UUID, Days]:
    """The same for several branches, in as many queries as for one."""
    last_day = first_day + timedelta(days=days - 1)
    usual = _usual(session, branch_ids)
    exceptions = own_days(session, branch_ids, first_day, last_day)
    return {branch_id: usual[branch_id].open_on(first_day, last_day, exceptions[branch_id]) for branch_id in branch_ids}


def opening_as_said(
    session: Session, known: Said, branch_ids: Sequence[UUID], first_day: date, days: int
) -> dict[UUID, Days]:
    """The same as it were if all that holds were `known`."""
    last_day = first_day + timedelta(days=days - 1)
    usual = _usual(session, branch_ids, known)
    exceptions = own_days(session, branch_ids, first_day, last_day)
    return {branch_id: usual[branch_id].open_on(first_day, last_day, exceptions[branch_id]) for branch_id in branch_ids}


def weekly_hours(session: Session, branch_id: UUID) -> Weekly:
    """The spans of each weekday (0 = Monday) in order, as they are today; a weekday without any is left out."""
    usual = _usual(session, [branch_id]).get(branch_id)
    return usual.weekly(usual.today) if usual else {}


def opening_said(session: Session, branch_id: UUID) -> tuple[Said, Path]:
    """All that is said, the hours that the branch has ever had among it, and the way down to it.

    Raises UnknownBranch.
    """
    usual = _usual(session, [branch_id]).get(branch_id)
    if usual is None:
        raise UnknownBranch
    return usual.said, usual.path


def hours_said(session: Session, branch_id: UUID, known: Said) -> Said:
    """What is known to be said, the hours that the branch has ever had and its days from today on among it."""
    usual = _usual(session, [branch_id], known).get(branch_id)
    if usual is None:
        return known
    return usual.said.including(own_as_said(usual.path, own_exceptions(session, branch_id, usual.today)))


def written_hours(session: Session, branch_id: UUID) -> WrittenHours:
    """Raises UnknownBranch."""
    row = session.execute(select(Branch.hours_text, Branch.hours_text_until).where(Branch.id == branch_id)).first()
    if row is None:
        raise UnknownBranch
    return WrittenHours(*row)


def branches_with_written_hours(session: Session) -> list[UUID]:
    return list(session.scalars(select(Branch.id).where(Branch.hours_text != "").order_by(Branch.position)))


def exceptions_from(session: Session, branch_id: UUID, first_day: date) -> list[ExceptionView]:
    """The days from `first_day` on that have hours of their own there, in order, whoever says so.

    Raises UnknownBranch.
    """
    said, path = opening_said(session, branch_id)
    return exceptions_at(said, path, own_exceptions(session, branch_id, first_day), first_day)


def states(session: Session, branches: Sequence[BranchView], at: datetime) -> dict[UUID, State]:
    """What each branch is doing at that instant, by its own clock."""
    local = {branch.id: clock.local_minutes(at, clock.zone(branch.time_zone)) for branch in branches}
    days = [day for day, _ in local.values()] or [at.date()]
    opening = _known_opening(session, tuple(local), min(days), (max(days) - min(days)).days + 1)
    result = {}
    for branch in branches:
        day, minute = local[branch.id]
        result[branch.id] = state(branch.is_open, opening[branch.id][day], minute)
    return result


@remembered
def _known_opening(session: Session, branch_ids: tuple[UUID, ...], first_day: date, days: int) -> dict[UUID, Days]:
    """A chain's first page asks for it with every visit."""
    return opening_of(session, branch_ids, first_day, days)


def _usual(session: Session, branch_ids: Iterable[UUID], known: Said | None = None) -> dict[UUID, _Usual]:
    """The week and the holiday rule of each branch, in one query."""
    found: dict[UUID, _Usual] = {}
    statement = (
        select(
            Branch.id,
            Branch.region_id,
            Branch.time_zone,
            Branch.holiday_calendar,
            Branch.holiday_hours,
            Branch.makeup_hours,
            OpeningHours.weekday,
            OpeningHours.opens,
            OpeningHours.closes,
            VERSION,
        )
        .outerjoin_from(Branch, OpeningHours, OpeningHours.branch_id == Branch.id)
        .where(Branch.id.in_(list(branch_ids)))
        .order_by(OpeningHours.opens)
    )
    version = None
    for branch_id, region_id, zone, calendar, holiday, makeup, weekday, opens, closes, seen in session.execute(
        statement
    ):
        version = seen
        usual = found.get(branch_id)
        if usual is None:
            usual = found[branch_id] = _Usual(path_to(region_id, branch_id), zone, (calendar, holiday, makeup))
        if weekday is not None:
            usual.week[weekday].append((opens, closes))
    if found:
        _put_said(found, store.said(session, version) if known is None else known)
    return found


def _put_said(found: Mapping[UUID, _Usual], known: Said) -> None:
    everything = known.including(one for usual in found.values() for one in usual.ever())
    for usual in found.values():
        usual.said, usual.above = everything, known


def _as_said(week: Weekly) -> dict[str, list[list[int]]]:
    return {str(day): [list(span) for span in spans] for day, spans in week.items()}
