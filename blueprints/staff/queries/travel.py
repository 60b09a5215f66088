"""Ways between branches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.staff.models import BranchTravel
from blueprints.staff.travel import Position, Ways


def ways(session: Session, branches: Sequence[BranchView] | None = None) -> Ways:
    """The minutes between all branches, in two queries; in one for whoever has read the branches."""
    found = catalog.branches(session) if branches is None else branches
    statement = select(BranchTravel.from_branch_id, BranchTravel.to_branch_id, BranchTravel.minutes)
    said = {(here, there): minutes for here, there, minutes in session.execute(statement)}
    return Ways({branch.id: position(branch) for branch in found}, said)


def said_from(session: Session, branch_id: UUID) -> dict[UUID, int]:
    """The minutes that head office has set between this branch and others."""
    statement = select(BranchTravel.to_branch_id, BranchTravel.minutes).where(BranchTravel.from_branch_id == branch_id)
    return dict(session.execute(statement).all())


def position(branch: BranchView) -> Position | None:
    if branch.latitude is None or branch.longitude is None:
        return None
    return branch.latitude, branch.longitude
