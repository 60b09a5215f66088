"""Single days with hours of their own: a branch's, and what is said above it of the same day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog.models import OpeningException
from blueprints.catalog.settings import DAY_HOURS
from shopbell.spans import Span
from tenants.settings.rules import Entry, Path, Resolved, Said, Statement

Days = dict[date, list[Span]]


@dataclass(frozen=True)
class ExceptionView:
    """A day with hours of its own; closed when it has no spans. `from_text`: it follows from hours as written.
    `found` says where it comes from when it is not the branch's own."""

    day: date
    spans: list[Span]
    reason: str
    from_text: bool = False
    found: Resolved | None = None


def own_days(session: Session, branch_ids: Iterable[UUID], first_day: date, last_day: date) -> dict[UUID, Days]:
    """The days that each branch says itself."""
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


def own_exceptions(session: Session, branch_id: UUID, first_day: date) -> dict[date, ExceptionView]:
    """The same of one branch from a day on, in order, with the reasons."""
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
    return found


def days_of(said: Said, first_day: date, last_day: date = date.max) -> list[date]:
    """The days of which the chain or a region says something, in order."""
    subjects = said.subjects.get(DAY_HOURS.name)
    if not subjects:
        return []
    first, last = bisect_left(subjects, first_day.isoformat()), bisect_right(subjects, last_day.isoformat())
    return [date.fromisoformat(subject) for subject in subjects[first:last]]


def days_at(said: Said, path: Path, own: Days, first_day: date, last_day: date) -> Days:
    """The days that have hours of their own at a branch: those it says itself, but for what is locked above it."""
    found = dict(own)
    for day in days_of(said, first_day, last_day):
        standing = list(said.standing(DAY_HOURS, path, day, day.isoformat()))
        if standing and (day not in own or any(entry.locked for entry in standing)):
            found[day] = spans_of(standing[-1].value)
    return found


def exceptions_at(said: Said, path: Path, own: Mapping[date, ExceptionView], first_day: date) -> list[ExceptionView]:
    """The same from a day on, with reasons and where they come from."""
    found = dict(own)
    for day in days_of(said, first_day):
        told = said.resolve(DAY_HOURS, path, day, day.isoformat())
        if told.source and (day not in own or told.locked_by):
            found[day] = ExceptionView(day, spans_of(told.value), told.value["reason"], found=told)
    return [found[day] for day in sorted(found)]


def own_as_said(path: Path, own: Mapping[date, ExceptionView]) -> Iterator[tuple[Statement, Entry]]:
    """The branch's own days in the words of the settings."""
    for day, view in own.items():
        value = {"spans": [list(span) for span in view.spans], "reason": view.reason}
        yield (DAY_HOURS.name, day.isoformat()), Entry(path[-1], value)


def spans_of(value: Mapping[str, Any]) -> list[Span]:
    spans: Sequence[Sequence[int]] = value["spans"]
    return [(opens, closes) for opens, closes in spans]
