"""Looking messages up: whose, about what, and what became of them, step by step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from blueprints.messaging.errors import UnknownMessage
from blueprints.messaging.models import LETTER, Message, MessageEvent
from blueprints.messaging.queries.messages import opened
from blueprints.messaging.queries.undelivered import Cause, given_up, of_branches, with_cause
from shopbell.vault.ring import ring

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """Which messages: "" and None leave a thing open. `address_key` is the blind index of a number or mailbox, `cause`
    finds what was given up for it."""

    state: str = ""
    channel: str = ""
    purpose: str = ""
    branch_id: UUID | None = None
    customer_id: UUID | None = None
    address_key: int | None = None
    cause: Cause | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        named = {
            Message.state: self.state,
            Message.channel: self.channel,
            Message.purpose: self.purpose,
            Message.branch_id: self.branch_id,
            Message.customer_id: self.customer_id,
            Message.recipient_key: self.address_key,
        }
        found = [column == value for column, value in named.items() if value not in ("", None)]
        return [*found, given_up(), with_cause(self.cause)] if self.cause else found


@dataclass(frozen=True)
class Line:
    """A message in a list. `unknown_at` is set when it was ever in doubt, `resends` counts repeats."""

    id: UUID
    booking_id: UUID | None
    customer_id: UUID | None
    branch_id: UUID | None
    template: str
    purpose: str
    channel: str
    recipient: str
    recipient_name: str
    segments: int
    state: str
    resends: int
    reason: str | None
    provider_error: str | None
    created_at: datetime
    unknown_at: datetime | None


@dataclass(frozen=True)
class Whole(Line):
    """A message with everything about it. A secret that was sent has no text any more."""

    locale: str
    subject: str
    body: str
    encoding: str | None
    attempts: int
    account: str | None
    provider_ref: str | None
    cost_micros: int | None
    currency: str | None
    expires_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True)
class StepView:
    """One of rules.STEPS."""

    at: datetime
    kind: str
    account: str | None
    detail: dict[str, Any]


def page(session: Session, asked: Asked, branches: Collection[UUID] | None, before: UUID | None = None) -> list[Line]:
    """A page of messages, the newest first; `before` is the id that ended the page before. `branches` None: of all, and
    of the chain itself."""
    statement = _columns(Line).where(*asked.conditions(), *of_branches(branches))
    if before is not None:
        statement = statement.where(Message.id < before)
    keys = ring(session)
    found = session.execute(statement.order_by(Message.id.desc()).limit(PAGE))
    return [Line(**vars(opened(keys, row))) for row in found]


def whole(session: Session, message_id: UUID, branches: Collection[UUID] | None) -> Whole:
    """Raises UnknownMessage."""
    row = session.execute(_columns(Whole).where(Message.id == message_id, *of_branches(branches))).first()
    if row is None:
        raise UnknownMessage
    return Whole(**vars(opened(ring(session), row)))


def steps(session: Session, message_id: UUID) -> list[StepView]:
    """All that happened to a message, in its order."""
    columns = (MessageEvent.at, MessageEvent.kind, MessageEvent.account, MessageEvent.detail)
    found = session.execute(select(*columns).where(MessageEvent.message_id == message_id).order_by(MessageEvent.id))
    return [StepView(*row) for row in found]


def _columns(view: type[Line]) -> Select[*tuple[Any, ...]]:
    wanted = {field.name for field in fields(view)}
    sealed = {column.sealed_name for column in LETTER if column.name in wanted}
    return select(*(getattr(Message, name) for name in sorted(wanted | sealed)))
