"""Reads for the bell and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from blueprints.alerts.models import Alert, AlertChannel, AlertDelivery, AlertRead
from blueprints.alerts.rules import TOPICS, concerning
from shopbell import clock
from shopbell.auth import Principal

PAGE = 30
SHOWN = timedelta(days=30)
MOST_COUNTED = 99


@dataclass(frozen=True)
class Reader:
    """Somebody, with the branches at which each topic concerns them; None for the whole chain."""

    user_id: UUID | None
    places: tuple[tuple[str, frozenset[UUID] | None], ...]

    @staticmethod
    def of(person: Principal) -> Reader:
        topics = concerning(person.permissions)
        return Reader(person.id, tuple((name, person.branches_for(TOPICS[name].permission)) for name in topics))


def visible(reader: Reader, now: datetime) -> ColumnElement[bool]:
    """What concerns somebody, as far as it is not old."""
    chain = [name for name, branches in reader.places if branches is None]
    some = [
        and_(Alert.topic == name, Alert.branch_id.in_(branches))
        for name, branches in reader.places
        if branches is not None
    ]
    shared = and_(Alert.user_id.is_(None), or_(Alert.topic.in_(chain), *some))
    own = Alert.user_id == reader.user_id if reader.user_id else false()
    return and_(Alert.last_at > now - SHOWN, or_(own, shared))


def unread(session: Session, person: Principal) -> int:
    """How many alerts somebody has not read, or that happened again since; at most MOST_COUNTED + 1."""
    rows = select(Alert.id).where(visible(Reader.of(person), clock.now()), _is_unread(person.id))
    return session.scalar(select(func.count()).select_from(rows.limit(MOST_COUNTED + 1).subquery())) or 0


def alerts(
    session: Session, person: Principal, *, only_unread: bool = False, before: datetime | None = None
) -> Sequence[Row[Alert, bool]]:
    """A page of (Alert, is unread), the latest first; `before` is the moment that ended the page before."""
    new = _is_unread(person.id)
    statement = select(Alert, new).where(visible(Reader.of(person), clock.now()))
    if only_unread:
        statement = statement.where(new)
    if before is not None:
        statement = statement.where(Alert.last_at < before)
    return session.execute(statement.order_by(Alert.last_at.desc(), Alert.id.desc()).limit(PAGE)).all()


def channels(session: Session, *, user_id: UUID | None = None) -> Sequence[AlertChannel]:
    """Somebody's own channels, or those of the chain, its regions and its branches."""
    mine = AlertChannel.user_id == user_id if user_id else AlertChannel.user_id.is_(None)
    return session.scalars(select(AlertChannel).where(mine).order_by(AlertChannel.id)).all()


def latest(session: Session, channel_ids: Sequence[UUID]) -> dict[UUID, AlertDelivery]:
    """The latest delivery of each channel that has one."""
    newest = (
        select(AlertDelivery)
        .where(AlertDelivery.channel_id.in_(channel_ids))
        .ext(distinct_on(AlertDelivery.channel_id))
        .order_by(AlertDelivery.channel_id, AlertDelivery.id.desc())
    )
    return {row.channel_id: row for row in session.scalars(newest)}


def _is_unread(user_id: UUID | None) -> ColumnElement[bool]:
    seen = select(AlertRead.alert_id).where(
        AlertRead.user_id == user_id, AlertRead.alert_id == Alert.id, AlertRead.times >= Alert.times
    )
    return ~seen.exists()
