"""What operators did, newest first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.operator.models import OperatorRecord

PAGE = 50


def latest(
    directory: Session, *, tenant_id: UUID | None = None, before: UUID | None = None, size: int = PAGE
) -> list[OperatorRecord]:
    """A page of records, of one chain or of all; `before` is the id that ended the page before."""
    statement = select(OperatorRecord).order_by(OperatorRecord.id.desc()).limit(size)
    if tenant_id is not None:
        statement = statement.where(OperatorRecord.tenant_id == tenant_id)
    if before is not None:
        statement = statement.where(OperatorRecord.id < before)
    return list(directory.scalars(statement))
