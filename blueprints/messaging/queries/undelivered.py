"""The messages that were given up and wait for somebody to look at them, by what stood in their way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.models import Message

SECRET = tuple(name for name, occasion in rules.OCCASIONS.items() if occasion.secret)


@dataclass(frozen=True)
class Cause:
    """What stood in the way: one of our codes ("" from before there were any), on a channel."""

    channel: str
    reason: str


@dataclass(frozen=True)
class Heap:
    """Messages with one cause. `worth` are those that can be tried again."""

    cause: Cause
    messages: int
    worth: int
    oldest: datetime
    newest: datetime


def heaps(session: Session, now: datetime, branches: Collection[UUID] | None) -> list[Heap]:
    """The largest first. `branches` None: of all, and of the chain itself."""
    code = cause_code()
    statement = (
        select(
            Message.channel,
            code,
            func.count(),
            func.count().filter(worth_it(now)),
            func.min(Message.created_at),
            func.max(Message.created_at),
        )
        .where(given_up(), *of_branches(branches))
        .group_by(Message.channel, code)
        .order_by(func.count().desc(), Message.channel, code)
    )
    return [
        Heap(Cause(channel, reason), messages, worth, oldest, newest)
        for channel, reason, messages, worth, oldest, newest in session.execute(statement)
    ]


def given_up() -> ColumnElement[bool]:
    """Failed, or in doubt for so long that a person has to decide."""
    return or_(Message.state == "failed", and_(Message.state == "unknown", Message.reason.is_not(None)))


def worth_it(now: datetime) -> ColumnElement[bool]:
    """Not too late, and not a secret that has been forgotten."""
    in_time = or_(Message.expires_at.is_(None), Message.expires_at > now)
    return and_(in_time, Message.template.not_in(SECRET))


def of_branches(branches: Collection[UUID] | None) -> list[ColumnElement[bool]]:
    return [] if branches is None else [Message.branch_id.in_(branches)]


def cause_code() -> ColumnElement[str]:
    return func.coalesce(Message.reason, "")


def with_cause(cause: Cause) -> ColumnElement[bool]:
    return and_(Message.channel == cause.channel, cause_code() == cause.reason)
