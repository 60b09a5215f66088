"""Sending: one message at a time, in a way that a killed process can neither lose it nor hide that it is in doubt.

A short transaction marks the message as `sending` under a fresh token; it is handed over outside any transaction; a
second one writes what came of it, if the token is still the message's. Whoever finds a message in `sending` after its
lease is over makes it `unknown`, for everybody to see, and has it settled.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.channels.mime import Mail, build
from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused, Trouble
from blueprints.messaging.channels.providers import Providers, providers
from blueprints.messaging.links import receipt_link
from blueprints.messaging.models import Message
from shopbell import clock, due, ids, runtime
from shopbell.due import JobRun

log = logging.getLogger(__name__)

SEND = "messaging.send"
SETTLE = "messaging.settle"
FORGET = "messaging.forget"
FORGOTTEN: dict[str, Any] = {"body": "", "html": None}
CONTENT = (
    Message.id,
    Message.channel,
    Message.locale,
    Message.recipient,
    Message.recipient_name,
    Message.sender_name,
    Message.subject,
    Message.body,
    Message.html,
    Message.calendar,
    Message.created_at,
    Message.attempts,
    Message.template,
)


@dataclass(frozen=True)
class Attempt:
    """A message in our hands: its content, the token under which we may report, and where its receipts go."""

    token: UUID
    content: Any
    receipts_to: str

    @property
    def id(self) -> UUID:
        return UUID(str(self.content.id))


def send(run: JobRun) -> None:
    """Send the message named by the row's key, or do what its state asks for. Harmless to repeat at any point."""
    with run.database.transaction(run.tenant) as session:
        attempt = begin(session, UUID(run.key))
        if attempt is None:
            look_closer(session, UUID(run.key))
    if attempt is not None:
        hand_over(run, attempt)


def begin(session: Session, message_id: UUID, *, from_state: str = "queued", resends: int = 0) -> Attempt | None:
    """Mark a message as being sent and return it; None when it is not in `from_state` or no longer worth sending."""
    now, token = clock.now(), ids.uuid7()
    content = session.execute(
        update(Message)
        .where(
            Message.id == message_id,
            Message.state == from_state,
            or_(Message.expires_at.is_(None), Message.expires_at > now),
        )
        .values(
            state="sending",
            attempt_token=token,
            attempts=Message.attempts + 1,
            resends=Message.resends + resends,
            claimed_at=now,
        )
        .returning(*CONTENT)
        .execution_options(synchronize_session=False)
    ).first()
    return None if content is None else Attempt(token, content, receipt_link(message_id))


def look_closer(session: Session, message_id: UUID) -> None:
    """Deal with a message that cannot simply be sent: too late, in somebody's hands, or abandoned in the air."""
    columns = select(Message.state, Message.channel, Message.claimed_at).where(Message.id == message_id)
    found = session.execute(columns.with_for_update()).first()
    if found is None:
        return
    if found.state == "queued":
        _set(session, message_id, state="failed", provider_error="too late: the appointment has begun")
    elif found.state == "sending":
        lease_ends = found.claimed_at + lease()
        if lease_ends > clock.now():
            due.schedule(session, SEND, str(message_id), lease_ends)
        else:
            doubt(session, message_id, found.channel, "the sending process stopped before it could say")


def forget(session: Session, message_id: UUID) -> None:
    """The secret in the message opens nothing any more."""
    _set(session, message_id, **FORGOTTEN)


def hand_over(run: JobRun, attempt: Attempt) -> None:
    """Give the message to its provider and write down what came of it."""
    try:
        ref = _transmit(providers(), attempt)
    except Trouble as trouble:
        _report(run, attempt, trouble)
    else:
        _sent(run, attempt, ref)


def doubt(session: Session, message_id: UUID, channel: str, reason: str) -> None:
    """Say openly that nobody knows, and have it settled soon."""
    now = clock.now()
    _set(
        session,
        message_id,
        state="unknown",
        unknown_at=func.coalesce(Message.unknown_at, now),
        provider_error=reason,
    )
    seconds = rules.ASK_SECONDS[0] if channel == "sms" else rules.REPEAT_SECONDS
    due.schedule(session, SETTLE, str(message_id), now + timedelta(seconds=seconds))
    log.warning("message %s is in doubt: %s", message_id, reason)


def lease() -> timedelta:
    """How long an attempt may take."""
    return timedelta(seconds=runtime.settings().lease_seconds)


def _transmit(out: Providers, attempt: Attempt) -> str:
    content = attempt.content
    if content.channel == "sms":
        return out.sms.send(content.recipient, content.body, attempt.receipts_to)
    sender = runtime.settings().mail_from
    try:
        raw = build(_mail(content, sender))
    except ValueError as error:
        raise Refused(f"not an e-mail address: {error}") from error
    return out.mail.send(sender, content.recipient, raw)


def _mail(content: Any, sender: str) -> Mail:
    return Mail(
        # The same for every attempt: a mailbox that gets two copies can tell.
        message_id=f"{content.id}@{sender.rpartition('@')[2]}",
        sender=sender,
        sender_name=content.sender_name,
        recipient=content.recipient,
        recipient_name=content.recipient_name,
        subject=content.subject,
        text=content.body,
        html=content.html,
        calendar=content.calendar,
        language=content.locale,
        written_at=content.created_at,
    )


def _sent(run: JobRun, attempt: Attempt, ref: str) -> None:
    """A receipt may have been faster than we are: then only what it could not know is filled in."""
    now = clock.now()
    forgotten = FORGOTTEN if rules.OCCASIONS[attempt.content.template].secret else {}
    with run.database.transaction(run.tenant) as session:
        session.execute(
            update(Message)
            .where(Message.id == attempt.id, Message.attempt_token == attempt.token)
            .values(
                **forgotten,
                state=case((Message.state.in_(("sending", "unknown")), "sent"), else_=Message.state),
                provider_ref=func.coalesce(Message.provider_ref, ref),
                provider_error=case((Message.state.in_(("sending", "unknown")), None), else_=Message.provider_error),
                sent_at=func.coalesce(Message.sent_at, now),
            )
            .execution_options(synchronize_session=False)
        )


def _report(run: JobRun, attempt: Attempt, trouble: Trouble) -> None:
    reason = str(trouble)
    with run.database.transaction(run.tenant) as session:
        ours = select(Message.id).where(
            Message.id == attempt.id, Message.attempt_token == attempt.token, Message.state == "sending"
        )
        if session.execute(ours.with_for_update()).first() is None:
            return
        if isinstance(trouble, InDoubt):
            doubt(session, attempt.id, attempt.content.channel, reason)
        elif isinstance(trouble, NotNow):
            _try_later(session, attempt, reason)
        else:
            _set(session, attempt.id, state="failed", provider_error=reason)


def _try_later(session: Session, attempt: Attempt, reason: str) -> None:
    pause = rules.retry_pause(attempt.content.attempts)
    if pause is None:
        _set(session, attempt.id, state="failed", provider_error=f"given up: {reason}")
        return
    _set(session, attempt.id, state="queued", provider_error=reason)
    due.schedule(session, SEND, str(attempt.id), clock.now() + pause)


def _set(session: Session, message_id: UUID, **values: Any) -> None:
    session.execute(
        update(Message).where(Message.id == message_id).values(**values).execution_options(synchronize_session=False)
    )
