"""Receipts: what the provider says later about a text message it took."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.models import Message
from shopbell import clock

log = logging.getLogger(__name__)


def take_receipt(session: Session, message_id: UUID, ref: str, status: str, error: str) -> None:
    """Take one receipt. It may be late, repeated or out of order: a message only ever moves forward.

    A receipt without a reference, or under another than the message is known by, changes nothing.
    """
    message = session.scalars(
        select(Message).where(Message.id == message_id, Message.channel == "sms").with_for_update()
    ).first()
    if message is None or not ref:
        return
    if message.provider_ref not in (None, ref):
        log.warning("receipt %s for message %s, which is known as %s", ref, message_id, message.provider_ref)
        return
    message.provider_ref = ref
    state = rules.after_receipt(message.state, status)
    if state is None:
        return
    _apply(message, state, f"{error} {status}".strip())


def _apply(message: Message, state: str, reason: str) -> None:
    now = clock.now()
    values: dict[str, Any] = {"state": state, "sent_at": message.sent_at or now}
    if state == "delivered":
        values["delivered_at"] = now
    values["provider_error"] = reason if state == "failed" else None
    for name, value in values.items():
        setattr(message, name, value)
