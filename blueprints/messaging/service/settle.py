"""Settling messages in doubt: an SMS by asking the provider, an e-mail by one repeat under the same Message-ID."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.channels.outcomes import InDoubt, NotNow
from blueprints.messaging.channels.providers import providers
from blueprints.messaging.channels.twilio import Found
from blueprints.messaging.models import Message
from blueprints.messaging.service.deliver import SEND, SETTLE, begin, hand_over
from shopbell import clock, due
from shopbell.due import JobRun

log = logging.getLogger(__name__)

NOT_AGAIN = "in doubt twice: it may have arrived, and is not sent a third time"
NO_ANSWER = "the provider could not be asked: a person has to decide"


def settle(run: JobRun) -> None:
    """Find out what became of the message named by the row's key. Harmless to repeat at any point."""
    message_id = UUID(run.key)
    with run.database.transaction(run.tenant) as session:
        found = session.execute(
            select(Message.channel, Message.recipient, Message.body, Message.created_at, Message.resends).where(
                Message.id == message_id, Message.state == "unknown"
            )
        ).first()
    if found is None:
        return
    if found.channel == "sms":
        _ask(run, message_id, found)
    else:
        _repeat(run, message_id, found.resends)


def _ask(run: JobRun, message_id: UUID, message: Any) -> None:
    asked, missed = int(run.payload.get("asked", 0)) + 1, int(run.payload.get("missed", 0))
    try:
        candidates = providers().sms.find(message.recipient, message.body, message.created_at)
    except (NotNow, InDoubt) as trouble:
        log.warning("message %s: the provider could not be asked: %s", message_id, trouble)
        with run.database.transaction(run.tenant) as session:
            _ask_again(session, message_id, asked, missed)
        return
    with run.database.transaction(run.tenant) as session:
        theirs = _not_another_message(session, message_id, candidates)
        if theirs is not None:
            _accepted(session, message_id, theirs)
        elif missed + 1 >= rules.MISSED_ENOUGH:
            _send_after_all(session, message_id)
        else:
            _ask_again(session, message_id, asked, missed + 1)


def _not_another_message(session: Session, message_id: UUID, candidates: list[Found]) -> Found | None:
    """The first candidate that no other message of ours is known by."""
    refs = [candidate.ref for candidate in candidates]
    taken = set(
        session.scalars(
            select(Message.provider_ref).where(
                Message.channel == "sms", Message.provider_ref.in_(refs), Message.id != message_id
            )
        )
    )
    return next((candidate for candidate in candidates if candidate.ref not in taken), None)


def _accepted(session: Session, message_id: UUID, found: Found) -> None:
    state = rules.after_receipt("unknown", found.status) or "sent"
    now = clock.now()
    _move_on(
        session,
        message_id,
        state=state,
        provider_ref=found.ref,
        provider_error=f"provider reports {found.status}" if state == "failed" else None,
        sent_at=func.coalesce(Message.sent_at, now),
        delivered_at=now if state == "delivered" else None,
    )


def _send_after_all(session: Session, message_id: UUID) -> None:
    if _move_on(session, message_id, state="queued"):
        due.schedule(session, SEND, str(message_id), clock.now())


def _ask_again(session: Session, message_id: UUID, asked: int, missed: int) -> None:
    pause = rules.ask_pause(asked)
    if pause is None:
        _move_on(session, message_id, provider_error=NO_ANSWER)
        return
    due.schedule(session, SETTLE, str(message_id), _after(pause), {"asked": asked, "missed": missed})


def _repeat(run: JobRun, message_id: UUID, resends: int) -> None:
    with run.database.transaction(run.tenant) as session:
        if resends >= rules.MAX_RESENDS:
            _move_on(session, message_id, provider_error=NOT_AGAIN)
            return
        attempt = begin(session, message_id, from_state="unknown", resends=1)
        if attempt is not None:
            # Should this process die as well, the row found after the lease tells the next one.
            due.schedule(session, SEND, str(message_id), _after(timedelta(seconds=1)))
    if attempt is not None:
        hand_over(run, attempt)


def _move_on(session: Session, message_id: UUID, **values: Any) -> bool:
    """Change a message that is still in doubt; False when somebody else has settled it."""
    moved = session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == "unknown")
        .values(**values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return moved.first() is not None


def _after(pause: timedelta) -> datetime:
    return clock.now() + pause
