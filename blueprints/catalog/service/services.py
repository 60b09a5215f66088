"""What is said of services, and the skills their steps ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from blueprints.catalog.errors import AddressTaken, BadCatalogue, UnknownSkill
from blueprints.catalog.models import Service, Skill
from blueprints.catalog.service.steps import StepInput, checked_steps, require_service, write_steps
from shopbell import ids, money
from shopbell.checks import Checks
from shopbell.i18n import gettext as _

LARGEST_PRICE = 2_000_000_000
LONGEST_BUFFER = 120
PAGES_OF_OUR_OWN = frozenset({"visit", "team"})
"""What stands in the address of a branch's booking pages where a service's short name stands."""


@dataclass(frozen=True)
class ServiceInput:
    """What is said of a service. Texts map a locale to a text; the price is in the currency's smallest unit.

    Buffers are minutes in steps of five, kept free before the first and after the last step.
    """

    name: Mapping[str, str]
    category: Mapping[str, str]
    price_minor: int
    currency: str
    description: Mapping[str, str]
    active: bool = True
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    needs_approval: bool = False


def add_service(session: Session, slug: str, service: ServiceInput, steps: Sequence[StepInput]) -> UUID:
    """A new service, last in the chain's order. Raises BadCatalogue or AddressTaken."""
    checks = Checks()
    checks.slug("slug", slug)
    values = _checked(checks, service)
    rows = checked_steps(session, checks, steps)
    checks.settle(BadCatalogue)
    if slug in PAGES_OF_OUR_OWN:
        raise AddressTaken(fields={"slug": _("The booking pages use this short name themselves.")})
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
    write_steps(session, service_id, rows)
    return service_id


def change_service(session: Session, service_id: UUID, service: ServiceInput) -> None:
    """Replace what is said of a service; its slug and its steps stay. Raises UnknownService or BadCatalogue."""
    checks = Checks()
    values = _checked(checks, service)
    require_service(session, service_id)
    checks.settle(BadCatalogue)
    session.execute(update(Service).where(Service.id == service_id).values(**values))


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
        "buffer_before_minutes": _buffer(checks, "buffer_before", service.buffer_before_minutes),
        "buffer_after_minutes": _buffer(checks, "buffer_after", service.buffer_after_minutes),
        "needs_approval": service.needs_approval,
    }


def _buffer(checks: Checks, field: str, minutes: int) -> int:
    if not 0 <= minutes <= LONGEST_BUFFER or minutes % 5:
        checks.refuse(field, _("0 to %(longest)s minutes, in steps of 5.", longest=LONGEST_BUFFER))
    return minutes
