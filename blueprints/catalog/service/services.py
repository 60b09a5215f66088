"""Services with their steps, and the skills steps ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from blueprints.catalog.errors import AddressTaken, BadCatalogue, UnknownService, UnknownSkill
from blueprints.catalog.models import Service, ServiceStep, Skill
from shopbell import ids, money
from shopbell.checks import Checks
from shopbell.i18n import gettext as _

MAX_STEPS = 12
LONGEST_STEP = 720
LARGEST_PRICE = 2_000_000_000


@dataclass(frozen=True)
class StepInput:
    """A step: minutes in steps of five; None means that no person, no room or no device is needed."""

    name: Mapping[str, str]
    minutes: int
    skill_id: UUID | None = None
    room_type: str | None = None
    device_type: str | None = None


@dataclass(frozen=True)
class ServiceInput:
    """What is said of a service. Texts map a locale to a text; the price is in the currency's smallest unit."""

    name: Mapping[str, str]
    category: Mapping[str, str]
    price_minor: int
    currency: str
    description: Mapping[str, str]
    active: bool = True


def add_service(session: Session, slug: str, service: ServiceInput, steps: Sequence[StepInput]) -> UUID:
    """A new service, last in the chain's order. Raises BadCatalogue or AddressTaken."""
    checks = Checks()
    checks.slug("slug", slug)
    values = _checked(checks, service)
    rows = _checked_steps(session, checks, steps)
    checks.settle(BadCatalogue)
    service_id = ids.uuid7()
    position = select(func.coalesce(func.max(Service.position) + 1, 0)).scalar_subquery()
    added = session.execute(
        insert_once(Service)
        .values(id=service_id, slug=slug, position=position, **values)
        .on_conflict_do_nothing(index_elements=[Service.slug])
        .returning(Service.id)
    )
    if added.first() is None:
        raise AddressTaken(fields={"slug": _("Another service uses this short name.")})
    _write_steps(session, service_id, rows)
    return service_id


def change_service(session: Session, service_id: UUID, service: ServiceInput) -> None:
    """Replace what is said of a service; its slug and its steps stay. Raises UnknownService or BadCatalogue."""
    checks = Checks()
    values = _checked(checks, service)
    require_service(session, service_id)
    checks.settle(BadCatalogue)
    session.execute(update(Service).where(Service.id == service_id).values(**values))


def set_steps(session: Session, service_id: UUID, steps: Sequence[StepInput]) -> None:
    """Replace the steps, in this order; bookings made before keep their times. May be repeated.

    Raises UnknownService, or BadCatalogue naming "steps.<number from 0>.minutes" and the like.
    """
    checks = Checks()
    require_service(session, service_id, lock=True)
    rows = _checked_steps(session, checks, steps)
    checks.settle(BadCatalogue)
    session.execute(delete(ServiceStep).where(ServiceStep.service_id == service_id))
    _write_steps(session, service_id, rows)


def move_step(session: Session, service_id: UUID, position: int, by: int) -> None:
    """Swap a step with the one before (by = -1) or after it (by = 1); at an end nothing happens.

    Locks the service. Raises UnknownService.
    """
    require_service(session, service_id, lock=True)
    statement = select(ServiceStep).where(ServiceStep.service_id == service_id).order_by(ServiceStep.position)
    steps = list(session.scalars(statement))
    other = position + by
    if not (0 <= position < len(steps) and 0 <= other < len(steps)):
        return
    steps[position], steps[other] = steps[other], steps[position]
    # Two rows cannot hold one position even for a moment, so the moved ones first go where nobody is.
    for offset in (len(steps), 0):
        for number, step in enumerate(steps):
            step.position = number + offset
        session.flush()


def retire_service(session: Session, service_id: UUID) -> None:
    """No longer offered; bookings of it stay. May be repeated. Raises UnknownService."""
    require_service(session, service_id)
    session.execute(update(Service).where(Service.id == service_id).values(active=False))


def restore_service(session: Session, service_id: UUID) -> None:
    """Offered again. May be repeated. Raises UnknownService."""
    require_service(session, service_id)
    session.execute(update(Service).where(Service.id == service_id).values(active=True))


def add_skill(session: Session, *, key: str, name: Mapping[str, str]) -> UUID:
    """Something people learn and steps ask for. Raises BadCatalogue or AddressTaken."""
    checks = Checks()
    cleaned = checks.slug("key", key.replace("_", "-")).replace("-", "_")
    texts = checks.texts("name", name)
    checks.settle(BadCatalogue)
    skill_id = ids.uuid7()
    statement = insert_once(Skill).values(id=skill_id, key=cleaned, name=texts)
    added = session.execute(statement.on_conflict_do_nothing(index_elements=[Skill.key]).returning(Skill.id))
    if added.first() is None:
        raise AddressTaken(fields={"key": _("Another skill uses this short name.")})
    return skill_id


def change_skill(session: Session, skill_id: UUID, *, name: Mapping[str, str]) -> None:
    """Raises UnknownSkill or BadCatalogue."""
    checks = Checks()
    texts = checks.texts("name", name)
    checks.settle(BadCatalogue)
    changed = session.execute(update(Skill).where(Skill.id == skill_id).values(name=texts).returning(Skill.id))
    if changed.first() is None:
        raise UnknownSkill


def require_service(session: Session, service_id: UUID, *, lock: bool = False) -> None:
    """Raises UnknownService. With `lock`, nobody else changes its steps until this transaction ends."""
    statement = select(Service.id).where(Service.id == service_id)
    if session.scalar(statement.with_for_update() if lock else statement) is None:
        raise UnknownService


def _checked(checks: Checks, service: ServiceInput) -> dict[str, Any]:
    if service.price_minor > LARGEST_PRICE:
        checks.refuse("price", _("At most %(amount)s.", amount=money.major_text(LARGEST_PRICE, service.currency)))
    if service.price_minor < 0:
        error = money.BadAmount(service.currency)
        checks.refuse("price", _(error.message_id) % {"example": error.example})
    return {
        "name": checks.texts("name", service.name),
        "description": checks.texts("description", service.description, longest=400, required=False),
        "category": checks.texts("category", service.category, longest=60),
        "price_minor": service.price_minor,
        "currency": service.currency,
        "active": service.active,
    }


def _checked_steps(session: Session, checks: Checks, steps: Sequence[StepInput]) -> list[dict[str, Any]]:
    if not 1 <= len(steps) <= MAX_STEPS:
        checks.refuse("steps", _("A service has 1 to %(count)s steps.", count=MAX_STEPS))
    if steps and not any(step.skill_id or step.room_type or step.device_type for step in steps):
        checks.refuse("steps", _("At least one step must need a person, a room or a device."))
    known = set(session.scalars(select(Skill.id))) if any(step.skill_id for step in steps) else set()
    rows = []
    for number, step in enumerate(steps):
        field = f"steps.{number}"
        if not 5 <= step.minutes <= LONGEST_STEP or step.minutes % 5:
            checks.refuse(f"{field}.minutes", _("5 to %(longest)s minutes, in steps of 5.", longest=LONGEST_STEP))
        if step.skill_id and step.skill_id not in known:
            checks.refuse(f"{field}.skill", _("Choose a skill from the list."))
        rows.append(
            {
                "position": number,
                "name": checks.texts(f"{field}.name", step.name),
                "minutes": step.minutes,
                "skill_id": step.skill_id,
                "room_type": _type(checks, f"{field}.room_type", step.room_type),
                "device_type": _type(checks, f"{field}.device_type", step.device_type),
            }
        )
    return rows


def _type(checks: Checks, field: str, text: str | None) -> str | None:
    cleaned = checks.line(field, text or "", longest=40, required=False)
    return cleaned.casefold().replace(" ", "_") or None


def _write_steps(session: Session, service_id: UUID, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(ServiceStep), [{"id": ids.uuid7(), "service_id": service_id, **row} for row in rows])
