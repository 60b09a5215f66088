"""The gate before every message: whether it goes now, later or never."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.gate.checks import before_counting
from blueprints.messaging.gate.values import Decision, Envelope, decided
from blueprints.messaging.service.standing import ground

__all__ = ["Decision", "Envelope", "decide"]


def decide(session: Session, messages: Sequence[Envelope], now: datetime) -> dict[UUID, Decision]:
    """Decide about each of the messages, by id. A constant number of queries, however many there are."""
    if not messages:
        return {}
    known = ground(session, messages, now)
    return {one.id: decided(one, before_counting(one, known.standing(one), now)) for one in messages}
