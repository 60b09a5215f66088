"""Branches, services, rooms, devices and skills as plain values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from blueprints.catalog.errors import UnknownBranch, UnknownService
from blueprints.catalog.models import (
    Branch,
    Resource,
    Service,
    ServiceStep,
    Skill,
)
from shopbell.money import Money


@dataclass(frozen=True)
class BranchView:
    """A branch. `name` and `address` map a locale to a text; a branch that is not `is_open` takes no bookings."""

    id: UUID
    slug: str
    name: dict[str, str]
    address: dict[str, str]
    phone: str
    time_zone: str
    latitude: float | None
    longitude: float | None
    is_open: bool
    slot_minutes: int
    lead_minutes: int
    horizon_days: int
    cancel_deadline_minutes: int
    position: int


@dataclass(frozen=True)
class StepView:
    """A step of a service. Without a skill it needs nobody; without a type it needs no room or no device."""

    position: int
    name: dict[str, str]
    minutes: int
    skill_id: UUID | None
    room_type: str | None
    device_type: str | None


@dataclass(frozen=True)
class ServiceView:
    """A service with its steps in order. A retired one is not `active`: old bookings still name it."""

    id: UUID
    slug: str
    name: dict[str, str]
    description: dict[str, str]
    category_name: dict[str, str]
    price_minor: int
    currency: str
    position: int
    active: bool
    steps: tuple[StepView, ...]

    @property
    def category(self) -> str:
        """What services of one group have in common, whatever language is read."""
        return self.category_name.get("en") or next(iter(self.category_name.values()), "")

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def skill_ids(self) -> frozenset[UUID]:
        """The skills somebody needs to give the whole service."""
        return frozenset(step.skill_id for step in self.steps if step.skill_id)


@dataclass(frozen=True)
class ResourceView:
    """A room or a device (`kind`); `resource_id` is the number its time is allocated under."""

    id: UUID
    resource_id: int
    kind: str
    type: str
    name: str
    active: bool


@dataclass(frozen=True)
class SkillView:
    id: UUID
    key: str
    name: dict[str, str]


Selected = Select[*tuple[Any, ...]]

BRANCH: tuple[Any, ...] = (
    Branch.id,
    Branch.slug,
    Branch.name,
    Branch.address,
    Branch.phone,
    Branch.time_zone,
    Branch.latitude,
    Branch.longitude,
    Branch.is_open,
    Branch.slot_minutes,
    Branch.lead_minutes,
    Branch.horizon_days,
    Branch.cancel_deadline_minutes,
    Branch.position,
)
SERVICE: tuple[Any, ...] = (
    Service.id,
    Service.slug,
    Service.name,
    Service.description,
    Service.category,
    Service.price_minor,
    Service.currency,
    Service.position,
    Service.active,
)
STEP: tuple[Any, ...] = (
    ServiceStep.position,
    ServiceStep.name,
    ServiceStep.minutes,
    ServiceStep.skill_id,
    ServiceStep.room_type,
    ServiceStep.device_type,
)


def branches(session: Session) -> list[BranchView]:
    """All branches in the chain's order, closed ones too."""
    rows = session.execute(select(*BRANCH).order_by(Branch.position, Branch.slug))
    return [BranchView(*row) for row in rows]


def branch(session: Session, branch_id: UUID) -> BranchView:
    """Raises UnknownBranch."""
    return _one_branch(session, select(*BRANCH).where(Branch.id == branch_id))


def branch_by_slug(session: Session, slug: str) -> BranchView:
    """Raises UnknownBranch."""
    return _one_branch(session, select(*BRANCH).where(Branch.slug == slug))


def _one_branch(session: Session, statement: Selected) -> BranchView:
    row = session.execute(statement).first()
    if row is None:
        raise UnknownBranch
    return BranchView(*row)


def services(session: Session, *, active_only: bool = True) -> list[ServiceView]:
    """Services in the chain's order, with their steps."""
    statement = select(*SERVICE, *STEP).order_by(Service.position, Service.slug, ServiceStep.position)
    if active_only:
        statement = statement.where(Service.active)
    return _with_steps(session, statement)


def service(session: Session, service_id: UUID) -> ServiceView:
    """A service, retired or not. Raises UnknownService."""
    statement = select(*SERVICE, *STEP).where(Service.id == service_id).order_by(ServiceStep.position)
    found = _with_steps(session, statement)
    if not found:
        raise UnknownService
    return found[0]


def _with_steps(session: Session, statement: Selected) -> list[ServiceView]:
    """One row per step (or one without) becomes one service per id, in the order of the rows."""
    rows: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(statement.outerjoin_from(Service, ServiceStep)):
        rows[row[0]].append(row)
    width = len(SERVICE)
    result = []
    for found in rows.values():
        steps = tuple(StepView(*row[width:]) for row in found if row[width] is not None)
        result.append(ServiceView(*(*found[0][:width], steps)))
    return result


def resources_at(session: Session, branch_id: UUID, *, active_only: bool = True) -> list[ResourceView]:
    """The rooms and devices of a branch, by kind, type and name."""
    statement = (
        select(Resource.id, Resource.resource_id, Resource.kind, Resource.type, Resource.name, Resource.active)
        .where(Resource.branch_id == branch_id)
        .order_by(Resource.kind.desc(), Resource.type, Resource.name, Resource.resource_id)
    )
    if active_only:
        statement = statement.where(Resource.active)
    return [ResourceView(*row) for row in session.execute(statement)]


def skills(session: Session) -> list[SkillView]:
    rows = session.execute(select(Skill.id, Skill.key, Skill.name).order_by(Skill.key))
    return [SkillView(*row) for row in rows]


def resource_types(session: Session) -> dict[str, list[str]]:
    """The types of rooms ("room") and devices ("device") that the branches have, in order."""
    statement = select(Resource.kind, Resource.type).distinct().order_by(Resource.kind, Resource.type)
    found: dict[str, list[str]] = {"room": [], "device": []}
    for kind, type_ in session.execute(statement):
        found[kind].append(type_)
    return found
