"""Every step of a message, written down for whoever asks later what became of it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from blueprints.messaging.models import MessageEvent
from shopbell import clock, ids


@dataclass(frozen=True)
class Step:
    """One of rules.STEPS. `detail` holds codes and figures, and no personal data."""

    message_id: UUID
    kind: str
    account: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def note(session: Session, steps: Sequence[Step]) -> None:
    """Write steps down, in one statement, however many there are."""
    if not steps:
        return
    now = clock.now()
    rows = [
        {
            "id": ids.uuid7(),
            "message_id": step.message_id,
            "at": now,
            "kind": step.kind,
            "account": step.account,
            "detail": dict(step.detail),
        }
        for step in steps
    ]
    session.execute(insert(MessageEvent), rows)
