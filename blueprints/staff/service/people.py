"""People and what they have learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.staff.errors import BadRoster, UnknownPerson
from blueprints.staff.models import Person, PersonSkill
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _

MOST_QUALIFICATIONS = 12
FIRST_YEAR = 1950


@dataclass(frozen=True)
class Qualification:
    """Something a person has learned or passed: `name` maps a locale to a text; who attests it, and the year."""

    name: Mapping[str, str]
    issuer: str = ""
    year: int | None = None


@dataclass(frozen=True)
class PersonInput:
    """What is said of a person. `title` and `bio` map a locale to a text; `languages` are locales they speak."""

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    bio: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    home_branch_id: UUID | None = None
    qualifications: Sequence[Qualification] = ()


Skills = Mapping[UUID, int] | Iterable[UUID]
"""The skills with their levels, 1 to 3; without levels all are at 1."""


def add_person(session: Session, person: PersonInput, skill_ids: Skills = ()) -> UUID:
    """A new person, last in the chain's order, without a roster yet. Raises BadRoster or UnknownBranch."""
    checks = Checks()
    values = _checked(session, checks, person)
    skills = _checked_skills(session, checks, skill_ids)
    checks.settle(BadRoster)
    person_id = ids.uuid7()
    position = select(func.coalesce(func.max(Person.position) + 1, 0)).scalar_subquery()
    session.execute(insert(Person).values(id=person_id, position=position, **values))
    _write_skills(session, person_id, skills)
    return person_id


def change_person(session: Session, person_id: UUID, person: PersonInput, skill_ids: Skills) -> None:
    """Replace what is said of a person, skills included. Raises UnknownPerson, UnknownBranch or BadRoster."""
    checks = Checks()
    require_person(session, person_id)
    values = _checked(session, checks, person)
    skills = _checked_skills(session, checks, skill_ids)
    checks.settle(BadRoster)
    session.execute(update(Person).where(Person.id == person_id).values(**values))
    _replace_skills(session, person_id, skills)


def set_skills(session: Session, person_id: UUID, skill_ids: Skills) -> None:
    """Replace the skills. May be repeated. Raises UnknownPerson, or BadRoster for an unknown skill."""
    checks = Checks()
    require_person(session, person_id)
    skills = _checked_skills(session, checks, skill_ids)
    checks.settle(BadRoster)
    _replace_skills(session, person_id, skills)


def retire_person(session: Session, person_id: UUID) -> None:
    """Takes no new bookings and is no longer shown; old bookings keep the name. May be repeated."""
    require_person(session, person_id)
    session.execute(update(Person).where(Person.id == person_id).values(active=False))


def restore_person(session: Session, person_id: UUID) -> None:
    """Works again, by the roster they had. May be repeated."""
    require_person(session, person_id)
    session.execute(update(Person).where(Person.id == person_id).values(active=True))


def require_person(session: Session, person_id: UUID, *, lock: bool = False) -> None:
    """Raises UnknownPerson. With `lock`, nobody else changes their roster until this transaction ends."""
    statement = select(Person.id).where(Person.id == person_id)
    if session.scalar(statement.with_for_update() if lock else statement) is None:
        raise UnknownPerson


def _checked(session: Session, checks: Checks, person: PersonInput) -> dict[str, Any]:
    if person.home_branch_id:
        catalog.branch(session, person.home_branch_id)
    unknown = [language for language in person.languages if language not in LOCALES]
    if unknown:
        checks.refuse("languages", _("Choose languages from the list."))
    return {
        "name": checks.line("name", person.name),
        "title": checks.texts("title", person.title, required=False),
        "bio": checks.texts("bio", person.bio, longest=400, required=False),
        "languages": [language for language in LOCALES if language in person.languages],
        "home_branch_id": person.home_branch_id,
        "qualifications": _qualifications(checks, person.qualifications),
    }


def _qualifications(checks: Checks, found: Sequence[Qualification]) -> list[dict[str, Any]]:
    """As stored, newest first; those without a year last."""
    if len(found) > MOST_QUALIFICATIONS:
        checks.refuse("qualifications", _("At most %(count)s qualifications.", count=MOST_QUALIFICATIONS))
    rows = []
    for number, qualification in enumerate(found):
        field, year = f"qualifications.{number}", qualification.year
        if year is not None:
            checks.number(f"{field}.year", year, FIRST_YEAR, clock.now().year + 1)
        name = checks.texts(f"{field}.name", qualification.name, longest=120)
        issuer = checks.line(f"{field}.issuer", qualification.issuer, longest=120, required=False)
        rows.append({"name": name, "issuer": issuer, "year": year})
    return sorted(rows, key=lambda row: -(row["year"] or 0))


def _checked_skills(session: Session, checks: Checks, skill_ids: Skills) -> dict[UUID, int]:
    wanted = dict(skill_ids) if isinstance(skill_ids, Mapping) else dict.fromkeys(skill_ids, 1)
    if wanted and wanted.keys() - {skill.id for skill in catalog.skills(session)}:
        checks.refuse("skills", _("Choose skills from the list."))
    if any(level not in catalog.LEVELS for level in wanted.values()):
        checks.refuse("skills", _("Choose a level from the list."))
    return wanted


def _replace_skills(session: Session, person_id: UUID, skills: dict[UUID, int]) -> None:
    session.execute(delete(PersonSkill).where(PersonSkill.person_id == person_id))
    _write_skills(session, person_id, skills)


def _write_skills(session: Session, person_id: UUID, skills: dict[UUID, int]) -> None:
    if skills:
        rows = [
            {"person_id": person_id, "skill_id": skill_id, "level": level} for skill_id, level in sorted(skills.items())
        ]
        session.execute(insert(PersonSkill), rows)
