"""Letting go of what need not be kept any longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from shopbell import clock
from shopbell.audit import FORGET, AuditChange, AuditEntry

AT_ONCE = 20_000


def forget_older_than(keep: timedelta) -> Callable[[Session], None]:
    """A daily sweep. The tables refuse every other removal."""

    def sweep(session: Session) -> None:
        session.execute(text(FORGET))
        for model in (AuditEntry, AuditChange):
            old = select(model.id).where(model.at < clock.now() - keep).order_by(model.at).limit(AT_ONCE)
            session.execute(delete(model).where(model.id.in_(old)).execution_options(synchronize_session=False))

    return sweep
