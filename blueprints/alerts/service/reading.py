"""Having read alerts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.alerts.errors import UnknownAlert
from blueprints.alerts.models import Alert, AlertRead
from blueprints.alerts.queries import Reader, visible
from shopbell import clock
from shopbell.auth import Principal


def read(session: Session, alert_id: UUID, person: Principal) -> str:
    """Somebody has read an alert; returns the page of ours that says more, or nothing. May be repeated. Raises
    UnknownAlert, also for what does not concern them."""
    reader = Reader.of(person)
    alert = session.scalar(select(Alert).where(Alert.id == alert_id, visible(reader, clock.now())))
    if alert is None:
        raise UnknownAlert
    _mark(session, select(literal(reader.user_id), Alert.id, Alert.times).where(Alert.id == alert_id))
    return str(alert.facts.get("path") or "")


def read_all(session: Session, person: Principal) -> None:
    """Somebody has read all that concerns them."""
    reader = Reader.of(person)
    _mark(session, select(literal(reader.user_id), Alert.id, Alert.times).where(visible(reader, clock.now())))


def _mark(session: Session, rows: Select[UUID | None, UUID, int]) -> None:
    new = insert(AlertRead).from_select(["user_id", "alert_id", "times"], rows)
    session.execute(
        new.on_conflict_do_update(index_elements=["user_id", "alert_id"], set_={"times": new.excluded.times})
    )
