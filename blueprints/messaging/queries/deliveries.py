"""How the messages of some days fared, in few rows: everything here reads a range of the primary key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from blueprints.messaging.models import Message, MessageBudget
from shopbell import ids

LEFT = ("sent", "delivered")
NOT_SENT = ("failed", "dropped")


@dataclass(frozen=True)
class Tally:
    """So many messages of one sort that were written on a day, in the chain's time. `segments` are parts of SMS."""

    day: date
    channel: str
    purpose: str
    state: str
    messages: int
    segments: int


@dataclass(frozen=True)
class Wait:
    """How long messages of a sort waited before they left, in seconds: half of them less than `median`, 95 in a hundred
    less than `most`."""

    channel: str
    purpose: str
    median: float
    most: float


@dataclass(frozen=True)
class Spending:
    """What a branch's text messages cost, or will cost as far as is known; None for what the chain writes itself."""

    branch_id: UUID | None
    currency: str
    messages: int
    segments: int
    micros: int


@dataclass(frozen=True)
class Reason:
    """Why messages were not sent: a code, and how many."""

    state: str
    channel: str
    reason: str
    messages: int


def tallies(session: Session, since: datetime, zone: str, branches: Collection[UUID] | None) -> list[Tally]:
    """`branches` None: of all, and of the chain itself."""
    day = func.date(func.timezone(zone, Message.created_at))
    sort = (day, Message.channel, Message.purpose, Message.state)
    statement = select(*sort, func.count(), func.sum(Message.segments)).where(*within(since, branches))
    return [Tally(*row) for row in session.execute(statement.group_by(*sort))]


def waits(session: Session, since: datetime, branches: Collection[UUID] | None) -> list[Wait]:
    seconds = func.extract("epoch", Message.sent_at - Message.created_at)
    both = (_below(0.5, seconds), _below(0.95, seconds))
    sort = (Message.channel, Message.purpose)
    left = Message.sent_at.is_not(None)
    statement = select(*sort, *both).where(left, *within(since, branches)).group_by(*sort)
    found = session.execute(statement)
    return [Wait(channel, purpose, float(median), float(most)) for channel, purpose, median, most in found]


def spending(session: Session, since: datetime, branches: Collection[UUID] | None) -> list[Spending]:
    """The dearest first."""
    micros = func.sum(Message.cost_micros)
    statement = (
        select(Message.branch_id, Message.currency, func.count(), func.sum(Message.segments), micros)
        .where(Message.cost_micros > 0, Message.currency.is_not(None), *within(since, branches))
        .group_by(Message.branch_id, Message.currency)
        .order_by(micros.desc())
    )
    return [
        Spending(branch_id, currency or "", messages, int(segments), int(cost or 0))
        for branch_id, currency, messages, segments, cost in session.execute(statement)
    ]


def reasons(session: Session, since: datetime, branches: Collection[UUID] | None) -> list[Reason]:
    """The most frequent first."""
    sort = (Message.state, Message.channel, func.coalesce(Message.reason, ""))
    statement = select(*sort, func.count()).where(Message.state.in_(NOT_SENT), *within(since, branches))
    found = session.execute(statement.group_by(*sort).order_by(func.count().desc(), *sort))
    return [Reason(state, channel, reason, messages) for state, channel, reason, messages in found]


def budgets(session: Session, month: date, branches: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """What the month has taken of these branches' budgets, in millionths, by branch and currency; the nil id stands
    for the chain itself."""
    statement = select(
        MessageBudget.branch_id, MessageBudget.currency, MessageBudget.reserved_micros + MessageBudget.spent_micros
    ).where(MessageBudget.month == month, MessageBudget.branch_id.in_(branches))
    return {(branch_id, currency): micros for branch_id, currency, micros in session.execute(statement)}


def within(since: datetime, branches: Collection[UUID] | None) -> list[ColumnElement[bool]]:
    whole = [Message.id >= ids.earliest(since)]
    return whole if branches is None else [*whole, Message.branch_id.in_(branches)]


def _below(share: float, seconds: ColumnElement[Any]) -> ColumnElement[float]:
    return func.percentile_cont(share).within_group(seconds)
