"""What can become of a single message other than that it is taken: in every case the reason is written down."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.events import MessageGivenUp
from blueprints.messaging.models import Message
from blueprints.messaging.service import budgets, events
from blueprints.messaging.service.events import Step
from blueprints.messaging.service.kinds import SEND, SETTLE
from shopbell import clock, due, runtime
from shopbell.events import publish

log = logging.getLogger(__name__)

EXPIRED = "too_late"
STOPPED = "the sending process stopped before it could say"


def lease() -> timedelta:
    """How long an attempt may take."""
    return timedelta(seconds=runtime.settings().lease_seconds)


def change(session: Session, message_id: UUID, **values: Any) -> None:
    """Set columns of a message."""
    session.execute(
        update(Message).where(Message.id == message_id).values(**values).execution_options(synchronize_session=False)
    )


def drop(session: Session, message_id: UUID, reason: str) -> None:
    """Never send it, by our own decision."""
    change(session, message_id, state="dropped", reason=reason)
    if reason == EXPIRED:
        events.note(session, [Step(message_id, "decided", None, {"verdict": "drop", "reason": reason})])


def fail(session: Session, message: Any, said: str, *, reason: str, account: str | None = None) -> None:
    """Give it up until a person looks at it; `message` has its id and its branch_id. What nobody took costs nothing."""
    change(session, message.id, state="failed", reason=reason, provider_error=said)
    budgets.settle(session, {message.id: 0})
    events.note(session, [Step(message.id, "refused", account, {"reason": reason})])
    publish(session, MessageGivenUp(message.id, message.branch_id, reason))


def put_off(
    session: Session, message: Any, pause: timedelta, said: str, *, account: str, detail: Mapping[str, Any]
) -> None:
    """Try it again after the pause, which is `detail`ed with its reason."""
    change(session, message.id, state="queued", provider_error=said)
    again_at = clock.now() + pause
    due.schedule(session, SEND, str(message.id), again_at, priority=message.priority)
    events.note(session, [Step(message.id, "put_off", account, {**detail, "until": again_at.isoformat()})])


def fail_over(session: Session, message: Any, tried: list[str], said: str, *, reason: str) -> None:
    """Try it by another account than those that certainly do not have it; the last of them is `tried`'s last."""
    change(session, message.id, state="queued", provider_error=said)
    due.schedule(session, SEND, str(message.id), clock.now(), {"tried": tried}, priority=message.priority)
    events.note(session, [Step(message.id, "failed_over", tried[-1], {"reason": reason})])


def doubt(session: Session, message: Any, said: str, *, account: str | None, reason: str) -> None:
    """Say openly that nobody knows, and have it settled soon."""
    now = clock.now()
    change(
        session,
        message.id,
        state="unknown",
        unknown_at=func.coalesce(Message.unknown_at, now),
        provider_error=said,
    )
    seconds = rules.ASK_SECONDS[0] if message.channel == "sms" else rules.REPEAT_SECONDS
    due.schedule(session, SETTLE, str(message.id), now + timedelta(seconds=seconds), priority=message.priority)
    events.note(session, [Step(message.id, "doubt", account, {"reason": reason})])
    log.warning("message %s is in doubt: %s", message.id, said)


def look_closer(session: Session, message: Any, now: datetime) -> None:
    """Deal with a message that is `sending`: it is in somebody's hands, or was abandoned in the air."""
    lease_ends = message.claimed_at + lease()
    if lease_ends > now:
        due.schedule(session, SEND, str(message.id), lease_ends, priority=message.priority)
    else:
        doubt(session, message, STOPPED, account=message.account, reason="stopped")


def pause_after(attempts: int, retry_after: float) -> timedelta | None:
    """How long to wait after the n-th attempt: later and later, not all at the same moment, and not before the other
    side wants to hear of us again. None: give up."""
    pause = rules.retry_pause(attempts, random.random())
    return None if pause is None else max(pause, timedelta(seconds=retry_after))
