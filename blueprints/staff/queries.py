"""Reads of people and rosters, as plain values. None of them makes more than two round trips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, func, or_, select
from sqlalchemy.orm import Session

from blueprints.staff.errors import UnknownPerson
from blueprints.staff.models import Person, PersonSkill, RosterException, RosterShift
from blueprints.staff.rules import Shift, initials, worked
from shopbell import clock
from shopbell.spans import WHOLE_DAY, Span


@dataclass(frozen=True)
class PersonView:
    """Someone who serves customers. `resource_id` is the number their time is allocated under."""

    id: UUID
    resource_id: int
    name: str
    title: dict[str, str]
    bio: dict[str, str]
    languages: tuple[str, ...]
    skill_ids: frozenset[UUID]
    home_branch_id: UUID | None
    position: int
    active: bool

    @property
    def initials(self) -> str:
        return initials(self.name)


def people() -> Select[*tuple[Any, ...]]:
    """Selects the columns of PersonView by its names; the skills come along as an array."""
    skills = select(PersonSkill.skill_id).where(PersonSkill.person_id == Person.id).scalar_subquery()
    return select(
        Person.id,
        Person.resource_id,
        Person.name,
        Person.title,
        Person.bio,
        Person.languages,
        func.array(skills, type_=ARRAY(Uuid)).label("skill_ids"),
        Person.home_branch_id,
        Person.position,
        Person.active,
    )


def person_view(row: Any) -> PersonView:
    values = row._asdict()
    return PersonView(**values | {"languages": tuple(row.languages), "skill_ids": frozenset(row.skill_ids)})


def people_at(session: Session, branch_id: UUID) -> list[PersonView]:
    """Active people who work at the branch: with a shift that has not ended, or with extra work from now on."""
    yesterday = clock.now().date() - timedelta(days=1)
    shift = select(RosterShift.id).where(
        RosterShift.person_id == Person.id,
        RosterShift.branch_id == branch_id,
        or_(RosterShift.valid_to.is_(None), RosterShift.valid_to >= yesterday),
    )
    extra = select(RosterException.id).where(
        RosterException.person_id == Person.id,
        RosterException.branch_id == branch_id,
        RosterException.kind == "extra",
        RosterException.day >= yesterday,
    )
    statement = people().where(Person.active, or_(shift.exists(), extra.exists()))
    rows = session.execute(statement.order_by(Person.position, Person.name, Person.id))
    return [person_view(row) for row in rows]


def person(session: Session, person_id: UUID) -> PersonView:
    """Someone, active or not. Raises UnknownPerson."""
    row = session.execute(people().where(Person.id == person_id)).first()
    if row is None:
        raise UnknownPerson
    return person_view(row)


def names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of the people with these ids; an unknown id is left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


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
