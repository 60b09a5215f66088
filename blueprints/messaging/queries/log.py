"""Looking messages up: whose, about what, and what became of them, step by step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from blueprints.messaging.errors import UnknownMessage
from blueprints.messaging.models import LETTER, Message, MessageEvent
from blueprints.messaging.queries.messages import opened
from blueprints.messaging.queries.undelivered import Cause, given_up, of_branches, with_cause
from shopbell.vault.ring import ring

PAGE = 50
LOOKED_THROUGH = 20_000
"""So many messages are looked through for a page: no index knows which of them are for a purpose, or were dropped."""
OPEN = ("queued", "sending", "unknown", "failed")
"""States that few messages are in, with an index of their own."""


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

    def by_index(self) -> list[ColumnElement[bool]]:
        """What is found without looking at every message."""
        named = {
            Message.state: self.state if self.state in OPEN else "",
            Message.branch_id: self.branch_id,
            Message.customer_id: self.customer_id,
            Message.recipient_key: self.address_key,
        }
        found = _equal(named)
        return [*found, given_up(), with_cause(self.cause)] if self.cause else found

    def by_looking(self) -> list[ColumnElement[bool]]:
        """What has to be looked for."""
        state = "" if self.state in OPEN else self.state
        return _equal({Message.state: state, Message.channel: self.channel, Message.purpose: self.purpose})


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
class Page:
    """Messages, the newest first; the page after it has those before `older`, None for the last page. One may be empty
    and not the last, where nothing was found among so many."""

    lines: list[Line]
    older: UUID | None


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


def page(session: Session, asked: Asked, branches: Collection[UUID] | None, before: UUID | None = None) -> Page:
    """A page of messages; `before` is the id with which the page before it ended. `branches` None: of all, and of the
    chain itself."""
    among, wanted = asked.by_index(), asked.by_looking()
    if before is not None:
        among.append(Message.id < before)
    # Counted over everybody's branches: no index has those of several in order.
    last = session.scalar(_newest(select(Message.id), *among).offset(LOOKED_THROUGH - 1).limit(1)) if wanted else None
    if last is not None:
        wanted.append(Message.id >= last)
    keys = ring(session)
    found = session.execute(_newest(_columns(Line), *among, *wanted, *of_branches(branches)).limit(PAGE)).all()
    lines = [Line(**vars(opened(keys, row))) for row in found]
    return Page(lines, lines[-1].id if len(lines) == PAGE else last)


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


def _newest(statement: Select[*tuple[Any, ...]], *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return statement.where(*conditions).order_by(Message.id.desc())


def _equal(named: Mapping[InstrumentedAttribute[Any], Any]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in named.items() if value not in ("", None)]


def _columns(view: type[Line]) -> Select[*tuple[Any, ...]]:
    wanted = {field.name for field in fields(view)}
    sealed = {column.sealed_name for column in LETTER if column.name in wanted}
    return select(*(getattr(Message, name) for name in sorted(wanted | sealed)))
