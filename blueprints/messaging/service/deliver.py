"""Sending: a handful of messages at a time, in a way that a killed process can neither lose one nor hide that it is in
doubt.

A short transaction marks a handful as `sending` under a fresh token; they are handed over side by side, outside any
transaction; the next one writes what came of them, where the token is still the message's, removes their due work and
marks the handful after. Whoever finds a message in `sending` after its lease is over makes it `unknown`, for everybody
to see, and has it settled. So a kill leaves at most one handful of each process in doubt.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused, Trouble
from blueprints.messaging.channels.providers import providers
from blueprints.messaging.channels.sms.contract import Accepted, RefusedHere, SmsAccount
from blueprints.messaging.service import reporting, routes
from blueprints.messaging.service.mail import Sender
from blueprints.messaging.service.marking import Attempt, take, text_message
from blueprints.messaging.service.reporting import Outcome, report
from shopbell.claims import Batch
from shopbell.due import Claimed

log = logging.getLogger(__name__)

HANDFUL = 16
"""How many are marked at once, and in doubt after a kill. Measured: with 8 a message costs half as much again, with 32
hardly less."""
HANDS = 8
"""How many are in the air at once: mail servers take some ten connections from an address."""
HUNG_SECONDS = 5.0
"""Who lets a message wait so long in vain gets no more of the same handful: it would hold us for each of them."""


def send(batch: Batch) -> None:
    """Send the messages named by the rows' keys, or do what their state asks for. Harmless to repeat at any point."""
    done: list[Outcome] = []
    for rows in batch.handfuls(HANDFUL):
        done = hand_over(_next(batch, rows, done))
    _write_down(batch, done)


def hand_over(attempts: Sequence[Attempt]) -> list[Outcome]:
    """Give the messages to their providers, side by side."""
    hung: set[str] = set()
    if len(attempts) < 2:
        return [transmit(attempt, hung) for attempt in attempts]
    futures = [_hands().submit(copy_context().run, transmit, attempt, hung) for attempt in attempts]
    return [future.result() for future in futures]


def transmit(attempt: Attempt, hung: set[str]) -> Outcome:
    """Give one message to its provider. What this cannot explain itself is a doubt, never a loss.

    Nothing is given to an account in `hung`; one that hangs is added.
    """
    began, account = monotonic(), attempt.way.sms
    if attempt.way.account in hung:
        said = "not handed over: the message before it was not answered"
        return Outcome(attempt, trouble=NotNow(said, reason="unavailable"))
    try:
        outcome = Outcome(attempt, _handed_over(attempt))
    except Trouble as trouble:
        outcome = Outcome(attempt, trouble=trouble)
    except Exception as error:
        log.exception("message %s could not be handed over", attempt.id)
        outcome = Outcome(attempt, trouble=InDoubt(type(error).__name__, reason="stopped"))
    if isinstance(outcome.trouble, NotNow | InDoubt) and monotonic() - began >= HUNG_SECONDS:
        hung.add(attempt.way.account)
    if account is not None:
        troubled = isinstance(outcome.trouble, NotNow | InDoubt) or _is_the_accounts_fault(outcome.trouble)
        routes.told(account.key, "troubled" if troubled else "taken", monotonic() - began)
    return outcome


def forget(session: Session, message_id: UUID) -> None:
    """The secret in the message opens nothing any more."""
    reporting.forget(session, [message_id])


def _next(batch: Batch, rows: Sequence[Claimed], done: Sequence[Outcome]) -> list[Attempt]:
    """Write down the handful before and mark this one. When that fails, what is known is written all the same."""
    try:
        with batch.database.transaction(batch.tenant) as session:
            report(session, batch, done)
            return take(session, batch, rows)
    except Exception:
        _write_down(batch, done)
        raise


def _write_down(batch: Batch, done: Sequence[Outcome]) -> None:
    """Write what came of a handful; where one of them cannot be written, the others still are."""
    if not done:
        return
    try:
        with batch.database.transaction(batch.tenant) as session:
            report(session, batch, done)
    except Exception:
        if len(done) == 1:
            raise
        log.exception("what came of %s messages could not be written at once", len(done))
        for outcome in done:
            _write_down(batch, [outcome])


def _handed_over(attempt: Attempt) -> Accepted:
    if attempt.way.sms is not None:
        return _by_text(attempt.way.sms, attempt)
    if attempt.sender is not None:
        return _by_mail(attempt.sender, attempt.content)
    raise Refused("there is no way for it", reason="unroutable")


def _by_text(account: SmsAccount, attempt: Attempt) -> Accepted:
    return account.send(text_message(attempt.content, attempt.way.templates))


def _by_mail(sender: Sender, content: Any) -> Accepted:
    comes_back_to, raw = sender.write(content)
    return Accepted(providers().mail.send(comes_back_to, content.recipient, raw))


def _is_the_accounts_fault(trouble: Trouble | None) -> bool:
    return isinstance(trouble, RefusedHere) and trouble.reason == "account"


@cache
def _hands() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(HANDS, "messages")
