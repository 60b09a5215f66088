"""Every step of a message, written down for whoever asks later what became of it, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shopbell import clock, ids
from shopbell.prepared import Prepared


@dataclass(frozen=True)
class Step:
    """One of rules.STEPS. `detail` holds codes and figures, and no personal data."""

    message_id: UUID
    kind: str
    account: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


NOTE = Prepared(
    text(
        """
        insert into message_events (id, message_id, at, kind, account, detail)
        select steps.id, steps.message_id, cast(:now as timestamptz), steps.kind, steps.account, steps.detail
        from unnest(
            cast(:ids as uuid[]), cast(:messages as uuid[]), cast(:kinds as text[]), cast(:accounts as text[]),
            cast(:details as jsonb[])
        ) as steps (id, message_id, kind, account, detail)
        """
    )
)


def note_click(session: Session, message_id: UUID) -> None:
    """Write down that somebody followed the link in a message."""
    note(session, [Step(message_id, "click")])


def note(session: Session, steps: Sequence[Step]) -> None:
    """Write steps down, in one statement, however many there are."""
    if not steps:
        return
    NOTE.run(
        session,
        {
            "now": clock.now(),
            "ids": [ids.uuid7() for _ in steps],
            "messages": [step.message_id for step in steps],
            "kinds": [step.kind for step in steps],
            "accounts": [step.account for step in steps],
            "details": [json.dumps(dict(step.detail)) for step in steps],
        },
    )
