"""Deliveries: written when something happened, handed over as due work, sent again on request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import any_, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.webhooks import rules
from blueprints.webhooks.errors import UnknownDelivery
from blueprints.webhooks.models import Delivery, Endpoint
from blueprints.webhooks.service.endpoints import endpoint
from shopbell import clock, due, ids

SEND = "webhooks.send"
"""Due work of an endpoint, not of a delivery: one that is slow or gone takes one worker for a few seconds at a time,
however much waits for it."""
MOST_REPLAYED = 1000


def listeners(session: Session, type_: str) -> list[UUID]:
    """The endpoints that want to be told of a type of event."""
    wanting = select(Endpoint.id).where(Endpoint.active, literal(type_) == any_(Endpoint.types))
    return list(session.scalars(wanting))


def tell(session: Session, endpoint_ids: list[UUID], message_id: str, type_: str, data: dict[str, Any]) -> None:
    """Have the endpoints told. Harmless to repeat with the same message id."""
    now = clock.now()
    payload = {"type": type_, "timestamp": now.isoformat(), "data": data}
    for endpoint_id in endpoint_ids:
        row = {
            "id": ids.uuid7(),
            "endpoint_id": endpoint_id,
            "message_id": message_id,
            "type": type_,
            "payload": payload,
            "created_at": now,
            "next_at": now,
        }
        session.execute(insert(Delivery).values(row).on_conflict_do_nothing())
        wake(session, endpoint_id)


def wake(session: Session, endpoint_id: UUID) -> None:
    due.schedule(session, SEND, str(endpoint_id), clock.now())


def send_test(session: Session, endpoint_id: UUID) -> None:
    """Tell an endpoint something without meaning. Raises UnknownEndpoint."""
    found = endpoint(session, endpoint_id)
    tell(session, [found.id], f"msg_{ids.uuid7()}", rules.TEST, {"endpoint": str(found.id)})


def replay(session: Session, delivery_id: UUID) -> UUID:
    """Send a delivery once more, from the first try on; returns its endpoint's id. Raises UnknownDelivery."""
    again = (
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(state="waiting", attempts=0, next_at=clock.now())
        .returning(Delivery.endpoint_id)
    )
    endpoint_id: UUID | None = session.scalar(again)
    if endpoint_id is None:
        raise UnknownDelivery
    wake(session, endpoint_id)
    return endpoint_id


def replay_failed(session: Session, endpoint_id: UUID) -> int:
    """Send everything of an endpoint that was given up once more, MOST_REPLAYED at a time; how many. Raises
    UnknownEndpoint."""
    endpoint(session, endpoint_id)
    failed = (
        select(Delivery.id)
        .where(Delivery.endpoint_id == endpoint_id, Delivery.state == "failed")
        .order_by(Delivery.id)
        .limit(MOST_REPLAYED)
    )
    again = update(Delivery).where(Delivery.id.in_(failed)).returning(Delivery.id)
    found = session.scalars(again.values(state="waiting", attempts=0, next_at=clock.now())).all()
    if found:
        wake(session, endpoint_id)
    return len(found)
