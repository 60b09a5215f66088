"""How long the way between two branches takes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, delete, insert, or_
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.staff.errors import BadRoster
from blueprints.staff.models import BranchTravel
from blueprints.staff.travel import LONGEST_WAY
from shopbell.checks import Checks
from shopbell.i18n import gettext as _


def set_travel(session: Session, branch_id: UUID, minutes: Mapping[UUID, int | None]) -> None:
    """Say how long the way to each of these branches takes, and the way back; None lets it be estimated again.

    May be repeated. Raises UnknownBranch, or BadRoster naming "travel.<branch id>".
    """
    checks = Checks()
    catalog.branch(session, branch_id)
    others = {branch.id for branch in catalog.branches(session)} - {branch_id}
    for other_id, found in minutes.items():
        if other_id not in others:
            checks.refuse(f"travel.{other_id}", _("There is no such branch"))
        elif found is not None:
            checks.number(f"travel.{other_id}", found, 0, LONGEST_WAY)
    checks.settle(BadRoster)
    here, there, known = BranchTravel.from_branch_id, BranchTravel.to_branch_id, list(minutes)
    both = or_(and_(here == branch_id, there.in_(known)), and_(there == branch_id, here.in_(known)))
    session.execute(delete(BranchTravel).where(both))
    said = [(other_id, found) for other_id, found in sorted(minutes.items()) if found is not None]
    rows = [
        {"from_branch_id": first, "to_branch_id": second, "minutes": found}
        for other_id, found in said
        for first, second in ((branch_id, other_id), (other_id, branch_id))
    ]
    if rows:
        session.execute(insert(BranchTravel), rows)
