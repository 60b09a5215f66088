"""Messages that were given up: a person may have them tried again, one by one or all that failed for one reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blueprints.messaging.errors import NothingToReplay
from blueprints.messaging.models import Message
from blueprints.messaging.queries.undelivered import Cause, given_up, of_branches, with_cause, worth_it
from blueprints.messaging.service import events
from blueprints.messaging.service.events import Step
from blueprints.messaging.service.kinds import SEND
from shopbell import clock, due

AT_ONCE = 500


def replay(session: Session, message_id: UUID, by: str) -> None:
    """Have a message tried again from the beginning. Raises NothingToReplay when it was not given up, is not worth
    sending any more, or was a secret that has been forgotten."""
    if not _again(session, [message_id], by):
        raise NothingToReplay


def replay_all(session: Session, cause: Cause, branches: Collection[UUID] | None, by: str) -> int:
    """Have all messages tried again that were given up for this cause, at most AT_ONCE of them, the oldest first.

    `branches` None: of all, and of the chain itself. Returns how many.
    """
    wanted = (given_up(), worth_it(clock.now()), with_cause(cause), *of_branches(branches))
    chosen = select(Message.id).where(*wanted).order_by(Message.created_at).limit(AT_ONCE)
    return _again(session, session.scalars(chosen).all(), by)


def _again(session: Session, message_ids: Sequence[UUID], by: str) -> int:
    afresh: dict[str, Any] = {
        "state": "queued",
        "attempts": 0,
        "account": None,
        "reason": None,
        "provider_ref": None,
        "provider_error": None,
        "sent_at": None,
    }
    found = session.execute(
        update(Message)
        .where(Message.id.in_(message_ids), given_up(), worth_it(clock.now()))
        .values(**afresh)
        .returning(Message.id, Message.priority)
        .execution_options(synchronize_session=False)
    ).all()
    for message in found:
        due.schedule(session, SEND, str(message.id), clock.now(), priority=message.priority)
    events.note(session, [Step(message.id, "replayed", None, {"by": by}) for message in found])
    return len(found)
