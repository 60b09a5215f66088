"""Branches, services, rooms, devices and skills as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, union
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from blueprints.catalog.errors import UnknownBranch, UnknownService
from blueprints.catalog.models import (
    Branch,
    Resource,
    Service,
    ServiceOption,
    ServiceStep,
    Skill,
)
from blueprints.catalog.queries.settled import VERSION, as_settled
from blueprints.catalog.queries.views import (
    BranchView,
    OptionView,
    ResourceView,
    ServiceView,
    SkillView,
    StepView,
)
from shopbell.config_version import remembered

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
    Branch.vip_phone,
    Branch.holiday_calendar,
    Branch.holiday_hours,
    Branch.makeup_hours,
    Branch.door_code,
    Branch.region_id,
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
    Service.buffer_before_minutes,
    Service.buffer_after_minutes,
    Service.needs_approval,
)
STEP: tuple[Any, ...] = (
    ServiceStep.position,
    ServiceStep.name,
    ServiceStep.minutes,
    ServiceStep.skill_id,
    ServiceStep.room_type,
    ServiceStep.device_type,
    ServiceStep.option_id,
    ServiceStep.role,
    ServiceStep.level,
    ServiceStep.room_count,
    ServiceStep.device_count,
    ServiceStep.wait_minutes,
)
OPTION: tuple[Any, ...] = (
    ServiceOption.id,
    ServiceOption.kind,
    ServiceOption.name,
    ServiceOption.price_minor,
    ServiceOption.step_minutes,
    ServiceOption.position,
    ServiceOption.active,
)


@remembered
def branches(session: Session) -> list[BranchView]:
    """All branches in the chain's order, closed ones too."""
    rows = session.execute(select(*BRANCH, VERSION).order_by(Branch.position, Branch.slug))
    return [as_settled(session, row) for row in rows]


def branches_by_id(session: Session, branch_ids: Collection[UUID]) -> dict[UUID, BranchView]:
    """Some branches, in one query; unknown ids are left out."""
    rows = session.execute(select(*BRANCH, VERSION).where(Branch.id.in_(branch_ids))) if branch_ids else ()
    return {row.id: as_settled(session, row) for row in rows}


@remembered
def branch(session: Session, branch_id: UUID) -> BranchView:
    """Raises UnknownBranch."""
    return _one_branch(session, select(*BRANCH, VERSION).where(Branch.id == branch_id))


@remembered
def branch_by_slug(session: Session, slug: str) -> BranchView:
    """Raises UnknownBranch."""
    return _one_branch(session, select(*BRANCH, VERSION).where(Branch.slug == slug))


def _one_branch(session: Session, statement: Selected) -> BranchView:
    row = session.execute(statement).first()
    if row is None:
        raise UnknownBranch
    return as_settled(session, row)


@remembered
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
    options = _options(session, list(rows))
    width = len(SERVICE)
    result = []
    for service_id, found in rows.items():
        steps = tuple(StepView(*row[width:]) for row in found if row[width] is not None)
        result.append(ServiceView(*(*found[0][:width], steps, tuple(options[service_id]))))
    return result


def _options(session: Session, service_ids: list[UUID]) -> dict[UUID, list[OptionView]]:
    found: dict[UUID, list[OptionView]] = defaultdict(list)
    statement = select(ServiceOption.service_id, *OPTION).order_by(ServiceOption.position, ServiceOption.id)
    for service_id, *values in session.execute(statement.where(ServiceOption.service_id.in_(service_ids))):
        found[service_id].append(OptionView(*values))
    return found


RESOURCE: tuple[Any, ...] = (
    Resource.id,
    Resource.resource_id,
    Resource.kind,
    Resource.type,
    Resource.name,
    Resource.active,
)


def resources_at(session: Session, branch_id: UUID, *, active_only: bool = True) -> list[ResourceView]:
    """The rooms and devices of a branch, by kind, type and name."""
    return resources_of(session, [branch_id], active_only=active_only)[branch_id]


def resources_of(
    session: Session, branch_ids: Sequence[UUID], *, active_only: bool = True
) -> dict[UUID, list[ResourceView]]:
    """The rooms and devices of each branch, by kind, type and name."""
    columns: tuple[Any, ...] = (
        Resource.id,
        Resource.resource_id,
        Resource.kind,
        Resource.type,
        Resource.name,
        Resource.active,
    )
    statement = (
        select(Resource.branch_id, *columns)
        .where(Resource.branch_id.in_(branch_ids))
        .order_by(Resource.kind.desc(), Resource.type, Resource.name, Resource.resource_id)
    )
    if active_only:
        statement = statement.where(Resource.active)
    found: dict[UUID, list[ResourceView]] = {branch_id: [] for branch_id in branch_ids}
    for row in session.execute(statement):
        found[row[0]].append(ResourceView(*row[1:]))
    return found


def resource_types_of(session: Session, branch_ids: Sequence[UUID]) -> dict[UUID, list[tuple[int, str, str]]]:
    """Number, kind and type of the active rooms and devices of each branch, in the order of resources_of.

    The database hands over a row for each type: a large chain has thousands of rooms.
    """
    numbers = func.array_agg(aggregate_order_by(Resource.resource_id, Resource.name, Resource.resource_id))
    statement = (
        select(Resource.branch_id, Resource.kind, Resource.type, numbers)
        .where(Resource.branch_id.in_(branch_ids), Resource.active)
        .group_by(Resource.branch_id, Resource.kind, Resource.type)
        .order_by(Resource.kind.desc(), Resource.type)
    )
    found: dict[UUID, list[tuple[int, str, str]]] = {branch_id: [] for branch_id in branch_ids}
    for branch_id, kind, type_, resource_ids in session.execute(statement):
        found[branch_id].extend((number, kind, type_) for number in resource_ids)
    return found


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


def types_in_use(session: Session) -> list[str]:
    """Every type that a room or device has, or a step asks for."""
    asked = (select(column).where(column.is_not(None)) for column in (ServiceStep.room_type, ServiceStep.device_type))
    return sorted(session.scalars(union(select(Resource.type), *asked)))
