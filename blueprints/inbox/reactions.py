"""What the inbox does when somebody writes back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.inbox import service
from blueprints.inbox.service import Reply
from blueprints.messaging.events import ReplyReceived
from shopbell.events import on


@on(ReplyReceived)
def take_reply(session: Session, event: ReplyReceived) -> None:
    service.receive(session, Reply(event.text_id, event.keyword, event.branch_id, event.customer_id, event.booking_id))
