"""Writing down what operators do: in the transaction that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.operator.models import OperatorRecord
from shopbell import clock, ids
from shopbell.tenancy import TenantContext


@dataclass(frozen=True)
class Author:
    """Who does something, and from where; without an id somebody on the command line."""

    id: UUID | None
    who: str
    address: str = ""


def note(directory: Session, by: Author, what: str, tenant: TenantContext | None = None, **detail: Any) -> None:
    """Write it down. `what` is one of rules.RECORDED, `detail` JSON values that say more."""
    directory.add(
        OperatorRecord(
            id=ids.uuid7(),
            at=clock.now(),
            operator_id=by.id,
            who=by.who,
            what=what,
            tenant_id=tenant.id if tenant else None,
            tenant=tenant.slug if tenant else "",
            detail=detail,
            address=by.address,
        )
    )
    directory.flush()
