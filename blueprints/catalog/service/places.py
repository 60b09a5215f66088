"""Rooms and devices of a branch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from blueprints.catalog import queries
from blueprints.catalog.errors import BadCatalogue, UnknownResource
from blueprints.catalog.models import Resource
from blueprints.catalog.place_types import type_meant
from blueprints.catalog.service.branches import require_branch
from shopbell import ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _

KINDS = ("room", "device")


def add_resource(session: Session, branch_id: UUID, *, kind: str, type: str, name: str) -> UUID:  # noqa: A002
    """A room or a device of a branch; `type` is what steps ask for. Raises UnknownBranch or BadCatalogue."""
    checks = Checks()
    if kind not in KINDS:
        checks.refuse("kind", _("Choose a room or a device."))
    values = {"kind": kind, **_checked(session, checks, type, name)}
    require_branch(session, branch_id)
    checks.settle(BadCatalogue)
    resource_pk = ids.uuid7()
    session.execute(insert(Resource).values(id=resource_pk, branch_id=branch_id, **values))
    return resource_pk


def change_resource(session: Session, branch_id: UUID, resource_pk: UUID, *, type: str, name: str) -> None:  # noqa: A002
    """Raises UnknownResource when the branch has no such one, or BadCatalogue."""
    checks = Checks()
    values = _checked(session, checks, type, name)
    require_resource(session, branch_id, resource_pk)
    checks.settle(BadCatalogue)
    session.execute(update(Resource).where(Resource.id == resource_pk).values(**values))


def retire_resource(session: Session, branch_id: UUID, resource_pk: UUID) -> None:
    """Out of use for new bookings; old ones keep it. May be repeated. Raises UnknownResource."""
    require_resource(session, branch_id, resource_pk)
    session.execute(update(Resource).where(Resource.id == resource_pk).values(active=False))


def restore_resource(session: Session, branch_id: UUID, resource_pk: UUID) -> None:
    """Back in use. May be repeated. Raises UnknownResource."""
    require_resource(session, branch_id, resource_pk)
    session.execute(update(Resource).where(Resource.id == resource_pk).values(active=True))


def require_resource(session: Session, branch_id: UUID, resource_pk: UUID) -> None:
    """Raises UnknownResource."""
    found = select(Resource.id).where(Resource.id == resource_pk, Resource.branch_id == branch_id)
    if session.scalar(found) is None:
        raise UnknownResource


def _checked(session: Session, checks: Checks, kind_type: str, name: str) -> dict[str, Any]:
    return {
        "type": type_meant(checks.line("type", kind_type, longest=40), queries.types_in_use(session)),
        "name": checks.line("name", name, longest=60),
    }
