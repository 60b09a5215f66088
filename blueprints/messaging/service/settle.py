"""Settling messages in doubt: by asking the account that may have it, else by one repeat of what matters to a visit.

A doubt is never failed over to another account. What was chosen, and why, is written down with the message.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.channels.outcomes import InDoubt, NotNow
from blueprints.messaging.channels.sms.contract import CannotAsk, Found, SmsAccount
from blueprints.messaging.models import Message
from blueprints.messaging.queries import opened
from blueprints.messaging.service import events, refs, routes
from blueprints.messaging.service.events import Step
from blueprints.messaging.service.kinds import SEND, SETTLE
from blueprints.messaging.service.marking import COLUMNS, text_message
from shopbell import clock, due
from shopbell.due import JobRun
from shopbell.vault.ring import ring

log = logging.getLogger(__name__)

NOT_AGAIN = "in doubt twice: it may have arrived, and is not sent a third time"
NOT_WORTH_IT = "it may have arrived, and is not worth a second copy"
NO_ANSWER = "the provider could not be asked: a person has to decide"
UNSETTLED = "unsettled"
"""The reason of a message that stays in doubt until a person decides."""


def settle(run: JobRun) -> None:
    """Find out what became of the message named by the row's key. Harmless to repeat at any point."""
    with run.database.transaction(run.tenant) as session:
        statement = select(*COLUMNS).where(Message.id == UUID(run.key), Message.state == "unknown")
        found = session.execute(statement).first()
        message = opened(ring(session), found) if found else None
        account = routes.ways(session).account(message.account) if message and message.channel == "sms" else None
    if message is None:
        return
    if account is not None and account.caps.find:
        _ask(run, message, account)
    else:
        with run.database.transaction(run.tenant) as session:
            _without_asking(session, run, message)


def _ask(run: JobRun, message: Any, account: SmsAccount) -> None:
    """Only an account whose list shows everything proves by its silence that it does not have the message."""
    asked, missed = int(run.payload.get("asked", 0)) + 1, int(run.payload.get("missed", 0))
    try:
        candidates = account.find(text_message(message), message.created_at)
    except CannotAsk:
        with run.database.transaction(run.tenant) as session:
            _without_asking(session, run, message)
        return
    except (NotNow, InDoubt) as trouble:
        log.warning("message %s: the provider could not be asked: %s", message.id, trouble)
        with run.database.transaction(run.tenant) as session:
            _noted(session, message, "no_answer")
            _ask_again(session, message, asked, missed)
        return
    with run.database.transaction(run.tenant) as session:
        theirs = _not_another_message(session, message, candidates)
        _noted(session, message, "found" if theirs else "missing")
        if theirs is not None:
            _accepted(session, message.id, theirs)
        elif missed + 1 < rules.MISSED_ENOUGH:
            _ask_again(session, message, asked, missed + 1)
        elif account.caps.find == "sure":
            _send(session, message, why="missing")
        else:
            _without_asking(session, run, message)


def _without_asking(session: Session, run: JobRun, message: Any) -> None:
    """Nobody can be asked. A receipt is waited for once, then it is sent again, or left for a person to decide."""
    heard = refs.overheard(session, message.account or "", message.recipient, message.created_at)
    if heard is not None:
        _noted(session, message, "found")
        _accepted(session, message.id, Found(heard.ref, heard.status))
    elif message.channel == "sms" and not run.payload.get("overheard"):
        pause = timedelta(seconds=rules.OVERHEAR_SECONDS)
        due.schedule(session, SETTLE, run.key, clock.now() + pause, {"overheard": True}, priority=message.priority)
    elif rules.worth_repeating(message.purpose, message.resends):
        _send(session, message, why="cannot_ask", resends=Message.resends + 1)
    else:
        _leave(session, message, NOT_AGAIN if message.resends else NOT_WORTH_IT)


def _not_another_message(session: Session, message: Any, candidates: list[Found]) -> Found | None:
    """The first candidate by which the account knows no other message of ours."""
    known = Message.provider_ref.in_([candidate.ref for candidate in candidates])
    another = (Message.channel == "sms", Message.account == message.account, Message.id != message.id)
    taken = set(session.scalars(select(Message.provider_ref).where(known, *another)))
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
        reason="refused" if state == "failed" else None,
        sent_at=func.coalesce(Message.sent_at, now),
        delivered_at=now if state == "delivered" else None,
    )


def _send(session: Session, message: Any, *, why: str, **values: Any) -> None:
    """Into the queue again: because it certainly was not taken, or once although it may have been."""
    if _move_on(session, message.id, state="queued", **values):
        due.schedule(session, SEND, str(message.id), clock.now(), priority=message.priority)
        events.note(session, [Step(message.id, "resent", message.account, {"why": why})])


def _leave(session: Session, message: Any, said: str) -> None:
    if _move_on(session, message.id, provider_error=said, reason=UNSETTLED):
        _noted(session, message, "left")


def _ask_again(session: Session, message: Any, asked: int, missed: int) -> None:
    pause = rules.ask_pause(asked)
    if pause is None:
        _leave(session, message, NO_ANSWER)
        return
    at, payload = clock.now() + pause, {"asked": asked, "missed": missed}
    due.schedule(session, SETTLE, str(message.id), at, payload, priority=message.priority)


def _noted(session: Session, message: Any, answer: str) -> None:
    events.note(session, [Step(message.id, "asked", message.account, {"answer": answer})])


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
