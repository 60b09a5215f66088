"""What providers said about texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.templates.errors import UnknownApproval
from blueprints.templates.models import TemplateApproval


@dataclass(frozen=True)
class Approval:
    """A text at a provider: `body` as it was handed in, `variables` in the order of its placeholders."""

    id: UUID
    account: str
    name: str
    locale: str
    digest: str
    body: str
    variables: list[str]
    state: str
    code: str
    reason: str
    author: str
    changed_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


COLUMNS = tuple(getattr(TemplateApproval, name) for name in Approval.__dataclass_fields__)


def approval(session: Session, approval_id: UUID) -> Approval:
    """Raises UnknownApproval."""
    row = session.execute(select(*COLUMNS).where(TemplateApproval.id == approval_id)).first()
    if row is None:
        raise UnknownApproval
    return Approval(*row)


def approvals_of(session: Session, digests: Iterable[str]) -> dict[tuple[str, str], Approval]:
    """What was said about these texts, by account and digest."""
    rows = session.execute(select(*COLUMNS).where(TemplateApproval.digest.in_(list(digests))))
    return {(one.account, one.digest): one for one in (Approval(*row) for row in rows)}


def waiting_approvals(session: Session, offset: int, count: int) -> tuple[list[Approval], int]:
    """Everything handed in, the latest first, and how much there is of it."""
    statement = select(*COLUMNS).order_by(TemplateApproval.id.desc()).offset(offset).limit(count)
    total = session.scalar(select(func.count()).select_from(TemplateApproval)) or 0
    return [Approval(*row) for row in session.execute(statement)], total
