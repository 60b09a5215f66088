"""Regions, and which branches belong to them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.catalog.errors import UnknownBranch, UnknownRegion
from blueprints.catalog.models import Branch, Region
from blueprints.catalog.queries.views import RegionView

BRANCHES = select(func.count()).where(Branch.region_id == Region.id).scalar_subquery()


def regions(session: Session) -> list[RegionView]:
    """All regions in the chain's order."""
    rows = session.execute(select(Region.id, Region.name, BRANCHES).order_by(Region.position, Region.id))
    return [RegionView(*row) for row in rows]


def region(session: Session, region_id: UUID) -> RegionView:
    """Raises UnknownRegion."""
    row = session.execute(select(Region.id, Region.name, BRANCHES).where(Region.id == region_id)).first()
    if row is None:
        raise UnknownRegion
    return RegionView(*row)


def branches_of_region(session: Session, region_id: UUID) -> list[UUID]:
    """The region's branches in the chain's order, closed ones too; none of a region that does not exist."""
    statement = select(Branch.id).where(Branch.region_id == region_id).order_by(Branch.position, Branch.slug)
    return list(session.scalars(statement))


def region_of(session: Session, branch_id: UUID) -> UUID | None:
    """The region that the branch belongs to; None when it belongs to none. Raises UnknownBranch."""
    row = session.execute(select(Branch.region_id).where(Branch.id == branch_id)).first()
    if row is None:
        raise UnknownBranch
    found: UUID | None = row[0]
    return found
