"""What happened to an account, and who did it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.access.models import AccountRecord
from shopbell import clock, ids


def note(session: Session, user_id: UUID, what: str, *, by: UUID | None, detail: str = "") -> None:
    """Write it down. `what` is one of rules.RECORDED, `by` None when nobody was signed in."""
    session.add(AccountRecord(id=ids.uuid7(), user_id=user_id, by_user_id=by, what=what, detail=detail, at=clock.now()))
    session.flush()
