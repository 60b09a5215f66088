"""Why somebody was written to, or was not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.messaging.gate.explain import explain
from blueprints.messaging.queries.reasons import Decided, decided


@dataclass(frozen=True)
class Why:
    """A message, and in sentences of the language now spoken what was decided about it; none before its turn."""

    message: Decided
    sentences: list[str]


def why(session: Session, customer_id: UUID, zone: ZoneInfo) -> list[Why]:
    """The latest messages to a customer, the newest first; times in the sentences are of that zone."""
    found = decided(session, customer_id)
    return [Why(one, explain(one.decision, zone) if one.decision else []) for one in found]
