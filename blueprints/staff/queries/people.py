"""People as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CompoundSelect, Select, Uuid, any_, bindparam, func, or_, select, union
from sqlalchemy.orm import Session

from blueprints.catalog.api import TermsView
from blueprints.staff.errors import UnknownPerson
from blueprints.staff.models import Person, PersonPhoto, PersonService, PersonSkill, RosterException, RosterShift
from blueprints.staff.rules import initials
from shopbell import clock
from shopbell.prepared import Prepared

NAMES = Prepared(select(Person.id, Person.name).where(Person.id == any_(bindparam("ids", type_=ARRAY(Uuid)))))


@dataclass(frozen=True)
class PersonView:
    """Someone who serves customers. `resource_id` is the number their time is allocated under."""

    id: UUID
    resource_id: int
    name: str
    title: dict[str, str]
    bio: dict[str, str]
    languages: tuple[str, ...]
    levels: dict[UUID, int]
    """The skills, each with how well they have it: 1 to 3."""
    home_branch_id: UUID | None
    position: int
    active: bool
    qualifications: list[dict[str, Any]]
    photo: str | None
    """The photo's version, None without one."""

    @property
    def skill_ids(self) -> frozenset[UUID]:
        return frozenset(self.levels)

    @property
    def initials(self) -> str:
        return initials(self.name)


def people() -> Select[*tuple[Any, ...]]:
    """Selects the columns of PersonView by its names; the skills come along as an array."""
    levels = (
        select(func.jsonb_object_agg(PersonSkill.skill_id, PersonSkill.level))
        .where(PersonSkill.person_id == Person.id)
        .scalar_subquery()
    )
    photo = select(PersonPhoto.etag).where(PersonPhoto.person_id == Person.id).scalar_subquery()
    return select(
        Person.id,
        Person.resource_id,
        Person.name,
        Person.title,
        Person.bio,
        Person.languages,
        levels.label("levels"),
        Person.home_branch_id,
        Person.position,
        Person.active,
        Person.qualifications,
        photo.label("photo"),
    )


def person_view(row: Any) -> PersonView:
    values = row._asdict()
    levels = {UUID(skill): level for skill, level in (row.levels or {}).items()}
    return PersonView(**values | {"languages": tuple(row.languages), "levels": levels})


def person_terms(session: Session, person_ids: Iterable[UUID] | None = None) -> dict[UUID, dict[UUID, TermsView]]:
    """Where each of the people (everybody when None) differs, by person and service."""
    found: dict[UUID, dict[UUID, TermsView]] = defaultdict(dict)
    statement = select(
        PersonService.person_id,
        PersonService.service_id,
        PersonService.offered,
        PersonService.minutes_percent,
        PersonService.price_minor,
    )
    if person_ids is not None:
        statement = statement.where(PersonService.person_id.in_(list(person_ids)))
    for person_id, service_id, offered, percent, price in session.execute(statement):
        found[person_id][service_id] = TermsView(offered, percent, price)
    return found


def people_at(session: Session, branch_id: UUID) -> list[PersonView]:
    """Active people who work at the branch: with a shift that has not ended, or with extra work from now on."""
    return people_of(session, [branch_id])[branch_id]


def people_of(session: Session, branch_ids: Sequence[UUID]) -> dict[UUID, list[PersonView]]:
    """The active people who work at each of the branches, in the staff's order. Two queries."""
    yesterday = clock.now().date() - timedelta(days=1)
    shifts = select(RosterShift.person_id, RosterShift.branch_id).where(
        RosterShift.branch_id.in_(branch_ids),
        or_(RosterShift.valid_to.is_(None), RosterShift.valid_to >= yesterday),
    )
    extra = select(RosterException.person_id, RosterException.branch_id).where(
        RosterException.branch_id.in_(branch_ids),
        RosterException.kind == "extra",
        RosterException.day >= yesterday,
    )
    work: CompoundSelect[UUID, UUID] = union(shifts, extra)
    places: dict[UUID, list[UUID]] = defaultdict(list)
    for person_id, branch_id in session.execute(work):
        places[person_id].append(branch_id)
    found: dict[UUID, list[PersonView]] = {branch_id: [] for branch_id in branch_ids}
    everybody = people().where(Person.active, Person.id.in_(select(work.subquery().c.person_id)))
    for row in session.execute(everybody.order_by(Person.position, Person.name, Person.id)):
        view = person_view(row)
        for branch_id in places.get(view.id, ()):
            found[branch_id].append(view)
    return found


def people_after(session: Session, after: UUID | None, branch_id: UUID | None, limit: int) -> list[PersonView]:
    """Active people by id, from the one after `after` on; with a branch those who work there."""
    statement = _working_at(branch_id) if branch_id else people().where(Person.active)
    if after:
        statement = statement.where(Person.id > after)
    return [person_view(row) for row in session.execute(statement.order_by(Person.id).limit(limit))]


def _working_at(branch_id: UUID) -> Select[*tuple[Any, ...]]:
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
    return people().where(Person.active, or_(shift.exists(), extra.exists()))


def all_people(session: Session, branch_id: UUID | None, *, limit: int, offset: int) -> list[PersonView]:
    """Everybody, inactive people last, or those whose home is one branch."""
    statement = people().order_by(Person.active.desc(), Person.position, Person.name, Person.id)
    if branch_id:
        statement = statement.where(Person.home_branch_id == branch_id)
    return [person_view(row) for row in session.execute(statement.limit(limit).offset(offset))]


def count_people(session: Session, branch_id: UUID | None) -> int:
    statement = select(func.count()).select_from(Person)
    if branch_id:
        statement = statement.where(Person.home_branch_id == branch_id)
    return session.scalar(statement) or 0


def person(session: Session, person_id: UUID) -> PersonView:
    """Someone, active or not. Raises UnknownPerson."""
    row = session.execute(people().where(Person.id == person_id)).first()
    if row is None:
        raise UnknownPerson
    return person_view(row)


def names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of the people with these ids; an unknown id is left out."""
    wanted = set(ids)
    return dict(NAMES.run(session, {"ids": list(wanted)})) if wanted else {}
