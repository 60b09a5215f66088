"""The code on a branch's door."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from blueprints.catalog.models import Branch
from blueprints.catalog.service.branches import require_branch

CODE_BYTES = 9


def renew_door_code(session: Session, branch_id: UUID) -> str:
    """A fresh random code; the one on old posters means nothing from now on. Raises UnknownBranch."""
    require_branch(session, branch_id)
    code = secrets.token_urlsafe(CODE_BYTES)
    session.execute(update(Branch).where(Branch.id == branch_id).values(door_code=code))
    return code
