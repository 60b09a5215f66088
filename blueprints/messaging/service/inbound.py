"""Texts that people send us: kept sealed, matched to what they answer, and told to whoever acts on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.messaging import keywords
from blueprints.messaging.channels.sms.contract import Reply
from blueprints.messaging.events import ReplyReceived
from blueprints.messaging.models import INBOUND_BODY, INBOUND_NUMBER, InboundMessage, Message
from blueprints.messaging.service import events, suppressions
from blueprints.messaging.service.events import Step
from shopbell import clock, ids
from shopbell.events import publish
from shopbell.vault import keys

LONGEST = 2000
MARKETING = "marketing"


def take(session: Session, account: str, reply: Reply, message_id: UUID | None) -> UUID | None:
    """Keep a reply to a message of ours, or to none that is known, and tell of it. Returns its id; None for a repeat.

    Whoever says stop is not written to any more from this transaction on; whoever says start is again.
    """
    answered = _answered(session, message_id)
    advertising = answered is not None and answered.purpose == MARKETING
    text = reply.text[:LONGEST]
    keyword = keywords.read(text, advertising=advertising)
    text_id, ring = ids.uuid7(), keys.at_hand(session)
    row: dict[str, Any] = {
        "id": text_id,
        "account": account,
        "ref": reply.ref,
        "at": clock.now(),
        "recipient": reply.to,
        "number_key": suppressions.address_key(session, reply.number),
        "keyword": keyword,
        "message_id": answered.id if answered else None,
        "customer_id": answered.customer_id if answered else None,
        "branch_id": answered.branch_id if answered else None,
        "booking_id": answered.booking_id if answered else None,
        **ring.form(INBOUND_NUMBER, text_id, reply.number),
        **ring.form(INBOUND_BODY, text_id, text),
    }
    new = insert(InboundMessage).values(row).on_conflict_do_nothing(index_elements=["account", "ref"])
    if session.scalar(new.returning(InboundMessage.id)) is None:
        return None
    _heed(session, reply.number, text, keyword, advertising=advertising)
    if answered is not None:
        events.note(session, [Step(answered.id, "reply", account, {"keyword": keyword or ""})])
    publish(
        session,
        ReplyReceived(
            text_id, account, keyword or "", row["message_id"], row["customer_id"], row["branch_id"], row["booking_id"]
        ),
    )
    return text_id


@dataclass(frozen=True)
class Received:
    """A text that somebody sent us: the words, the number in E.164 and its blind index."""

    words: str
    number: str
    number_key: int
    at: datetime


def received(session: Session, text_id: UUID) -> Received | None:
    """None for one that is not kept any more."""
    row = session.get(InboundMessage, text_id)
    return Received(body(session, row), number(session, row), row.number_key, row.at) if row else None


def body(session: Session, text: InboundMessage) -> str:
    """What somebody wrote."""
    return keys.at_hand(session).shown(INBOUND_BODY, text.id, "", text.body_sealed) or ""


def number(session: Session, text: InboundMessage) -> str:
    """From which number, in E.164."""
    return keys.at_hand(session).shown(INBOUND_NUMBER, text.id, "", text.number_sealed) or ""


def _heed(session: Session, number: str, text: str, keyword: str | None, *, advertising: bool) -> None:
    if keyword == "stop":
        only = MARKETING if advertising and keywords.plain(text) not in keywords.HARD_STOPS else None
        suppressions.suppress(session, "sms", number, "reply", text, only)
    elif keyword == "start":
        suppressions.lift(session, "sms", number, own_only=True)


def _answered(session: Session, message_id: UUID | None) -> Any:
    if message_id is None:
        return None
    columns = (Message.id, Message.customer_id, Message.branch_id, Message.booking_id, Message.purpose)
    return session.execute(select(*columns).where(Message.id == message_id)).first()
