"""Regions: what they are called and which branches belong to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from blueprints.catalog.errors import BadCatalogue, RegionInUse, UnknownBranch, UnknownRegion
from blueprints.catalog.models import Branch, Region
from shopbell import ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _


def add_region(session: Session, name: Mapping[str, str]) -> UUID:
    """A new region, last in the chain's order, without branches yet. Raises BadCatalogue."""
    texts = _checked(name)
    region_id = ids.uuid7()
    position = select(func.coalesce(func.max(Region.position) + 1, 0)).scalar_subquery()
    session.execute(insert(Region).values(id=region_id, name=texts, position=position))
    return region_id


def change_region(session: Session, region_id: UUID, name: Mapping[str, str]) -> None:
    """Call it otherwise. Raises UnknownRegion or BadCatalogue."""
    _lock(session, region_id)
    session.execute(update(Region).where(Region.id == region_id).values(name=_checked(name)))


def drop_region(session: Session, region_id: UUID) -> None:
    """Raises UnknownRegion, or RegionInUse while branches belong to it: they would silently lose what it says."""
    _lock(session, region_id)
    if session.scalar(select(Branch.id).where(Branch.region_id == region_id).limit(1)) is not None:
        raise RegionInUse(_("Take its branches out first."))
    session.execute(delete(Region).where(Region.id == region_id))


def place_branches(session: Session, region_id: UUID, *, inside: Collection[UUID], outside: Collection[UUID]) -> None:
    """Put some branches into the region, and take others out of it; a branch is in one region at most.

    May be repeated. Raises UnknownRegion or UnknownBranch.
    """
    _lock(session, region_id)
    named = {*inside, *outside}
    known = set(session.scalars(select(Branch.id).where(Branch.id.in_(named))))
    if named - known:
        raise UnknownBranch
    elsewhere = or_(Branch.region_id.is_(None), Branch.region_id != region_id)
    session.execute(update(Branch).where(Branch.id.in_(inside), elsewhere).values(region_id=region_id))
    left = Branch.id.in_(set(outside) - set(inside))
    session.execute(update(Branch).where(left, Branch.region_id == region_id).values(region_id=None))


def _lock(session: Session, region_id: UUID) -> None:
    if session.scalar(select(Region.id).where(Region.id == region_id).with_for_update()) is None:
        raise UnknownRegion


def _checked(name: Mapping[str, str]) -> dict[str, str]:
    checks = Checks()
    texts = checks.texts("name", name)
    checks.settle(BadCatalogue)
    return texts
