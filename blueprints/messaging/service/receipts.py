"""Receipts: what the provider says later about a text message it took."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from blueprints.messaging import rules
from blueprints.messaging.channels.sms.contract import Receipt
from blueprints.messaging.models import Message
from blueprints.messaging.models.messages import RECIPIENT
from blueprints.messaging.service import budgets, events, refs, suppressions
from blueprints.messaging.service.events import Step
from blueprints.messaging.service.refs import Handed
from shopbell import clock
from shopbell.vault.ring import ring

log = logging.getLogger(__name__)

# What a receipt may change, and to whom it went; the sealed texts, which are long, are nobody's concern here.
MARKED = (
    select(Message)
    .where(Message.channel == "sms")
    .options(
        load_only(
            Message.state,
            Message.account,
            Message.provider_ref,
            Message.sent_at,
            Message.cost_micros,
            Message.segments,
            Message.recipient,
            Message.recipient_sealed,
        )
    )
)


def remember(session: Session, handed: Sequence[Handed]) -> None:
    """Keep what accounts call the messages they took, and take the receipts that were faster.

    In the transaction that writes down that they were taken, after it has done so.
    """
    for message_id, receipts in refs.keep(session, handed).items():
        take(session, handed[0].account, [(message_id, one) for one in receipts], by_ref=True)


def take(session: Session, account: str, told: Sequence[tuple[UUID, Receipt]], *, by_ref: bool = False) -> None:
    """Take receipts about messages of the current tenant, which the account is known to mean.

    They may be late, repeated or out of order: a message only ever moves forward. `by_ref` says that they were found by
    the provider's name for a message, of which a long one has several: what they come to is what counts.
    """
    by_message: dict[UUID, list[Receipt]] = defaultdict(list)
    for message_id, receipt in told:
        by_message[message_id].append(receipt)
    if not by_ref:
        refs.say(session, account, told)
    wholes = refs.whole(session, list(by_message)) if by_ref else {}
    statement = MARKED.where(Message.id.in_(by_message)).order_by(Message.id)
    steps: list[Step] = []
    for message in session.scalars(statement.with_for_update()):
        if message.account not in (None, account):
            log.warning("a receipt of %s for message %s, which %s has", account, message.id, message.account)
            continue
        for receipt in by_message[message.id]:
            if not (by_ref or receipt.reference or message.provider_ref in (None, receipt.ref)):
                log.warning("receipt %s for message %s, known as %s", receipt.ref, message.id, message.provider_ref)
                continue
            steps += _take_one(session, message, account, receipt, wholes.get(message.id, receipt.status))
    session.flush()
    events.note(session, steps)


def refuse_from_now_on(session: Session, number: str, said: str) -> None:
    """The provider lets nothing through to this number any more: trying again only spoils our name there."""
    suppressions.suppress(session, "sms", number, "provider", said)


def _take_one(session: Session, message: Message, account: str, receipt: Receipt, status: str) -> list[Step]:
    message.account = message.account or account
    message.provider_ref = message.provider_ref or receipt.ref or None
    state = rules.after_receipt(message.state, status)
    if state is None:
        return []
    now = clock.now()
    values: dict[str, Any] = {"state": state, "sent_at": message.sent_at or now, "provider_error": None}
    if state == "delivered":
        values["delivered_at"] = now
    if state == "failed":
        values |= {"provider_error": receipt.detail, "reason": receipt.reason or "refused"}
    for name, value in values.items():
        setattr(message, name, value)
    if receipt.reason == "opted_out":
        refuse_from_now_on(session, _recipient(session, message), receipt.detail)
    if message.cost_micros is not None:
        budgets.settle(session, {message.id: _cost(message, receipt)})
    detail = {"status": status, "reason": receipt.reason, "said": receipt.detail}
    return [Step(message.id, "receipt", account, {name: value for name, value in detail.items() if value})]


def _recipient(session: Session, message: Message) -> str:
    return ring(session).shown(RECIPIENT, message.id, message.recipient, message.recipient_sealed) or ""


def _cost(message: Message, receipt: Receipt) -> int:
    """What was expected, put right where the provider says how many parts it billed."""
    expected = message.cost_micros or 0
    if receipt.segments and message.segments:
        message.cost_micros = expected * receipt.segments // message.segments
    return message.cost_micros or 0
