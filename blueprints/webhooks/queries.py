"""Reads for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.webhooks.errors import UnknownDelivery
from blueprints.webhooks.models import STATES, Delivery, Endpoint
from shopbell import clock

PAGE = 50
COUNTED = timedelta(days=7)


def endpoints(session: Session) -> Sequence[Endpoint]:
    """All of them, the newest first: there are a few dozen at most."""
    return session.scalars(select(Endpoint).order_by(Endpoint.id.desc())).all()


def counts(session: Session, endpoint_id: UUID) -> dict[str, int]:
    """How many of an endpoint's deliveries of the last week stand in each state."""
    statement = (
        select(Delivery.state, func.count())
        .where(Delivery.endpoint_id == endpoint_id, Delivery.created_at >= clock.now() - COUNTED)
        .group_by(Delivery.state)
    )
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in session.execute(statement)}


def deliveries(
    session: Session, endpoint_id: UUID, *, state: str = "", before: UUID | None = None
) -> Sequence[Delivery]:
    """A page of an endpoint's deliveries, newest first; `before` is the id that ended the page before."""
    statement = select(Delivery).where(Delivery.endpoint_id == endpoint_id).order_by(Delivery.id.desc()).limit(PAGE)
    if state:
        statement = statement.where(Delivery.state == state)
    if before:
        statement = statement.where(Delivery.id < before)
    return session.scalars(statement).all()


def delivery(session: Session, delivery_id: UUID) -> Delivery:
    """Raises UnknownDelivery."""
    found = session.get(Delivery, delivery_id)
    if found is None:
        raise UnknownDelivery
    return found
