"""Feeds given out, and calendars read, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.feeds.errors import UnknownCalendar, UnknownFeed
from blueprints.feeds.models import BusyCalendar, BusyTime, Feed


@dataclass(frozen=True)
class FeedView:
    """An address that works. Either a customer's or a person's."""

    id: UUID
    customer_id: UUID | None
    person_id: UUID | None
    locale: str
    created_at: datetime
    last_read_at: datetime | None


@dataclass(frozen=True)
class CalendarView:
    """A calendar that is read. `error` is the code of what went wrong last, empty when nothing did."""

    id: UUID
    person_id: UUID
    url: str
    etag: str
    modified: str
    read_at: datetime | None
    changed_at: datetime | None
    error: str
    events: int
    clashes: int
    created_at: datetime


@dataclass(frozen=True)
class BusyView:
    """A busy time. Without a `booking_id` it could not be kept: an appointment stands there."""

    calendar_id: UUID
    uid: str
    starts_at: datetime
    ends_at: datetime
    booking_id: UUID | None


FEED: tuple[Any, ...] = (
    Feed.id,
    Feed.customer_id,
    Feed.person_id,
    Feed.locale,
    Feed.created_at,
    Feed.last_read_at,
)
CALENDAR: tuple[Any, ...] = (
    BusyCalendar.id,
    BusyCalendar.person_id,
    BusyCalendar.url,
    BusyCalendar.etag,
    BusyCalendar.modified,
    BusyCalendar.read_at,
    BusyCalendar.changed_at,
    BusyCalendar.error,
    BusyCalendar.events,
    BusyCalendar.clashes,
    BusyCalendar.created_at,
)
BUSY: tuple[Any, ...] = (
    BusyTime.calendar_id,
    BusyTime.uid,
    BusyTime.starts_at,
    BusyTime.ends_at,
    BusyTime.booking_id,
)


def feed(session: Session, feed_id: UUID) -> FeedView:
    """Raises UnknownFeed, also for one that was revoked."""
    row = session.execute(select(*FEED).where(Feed.id == feed_id, Feed.revoked_at.is_(None))).first()
    if row is None:
        raise UnknownFeed
    return FeedView(*row)


def feed_of(session: Session, *, customer_id: UUID | None = None, person_id: UUID | None = None) -> FeedView | None:
    """The newest address that works of one customer or one person."""
    whose = Feed.customer_id == customer_id if customer_id else Feed.person_id == person_id
    statement = select(*FEED).where(whose, Feed.revoked_at.is_(None)).order_by(Feed.created_at.desc(), Feed.id.desc())
    row = session.execute(statement.limit(1)).first()
    return FeedView(*row) if row else None


def calendar(session: Session, calendar_id: UUID) -> CalendarView:
    """Raises UnknownCalendar."""
    row = session.execute(select(*CALENDAR).where(BusyCalendar.id == calendar_id)).first()
    if row is None:
        raise UnknownCalendar
    return CalendarView(*row)


def calendars_of(session: Session, person_id: UUID) -> list[CalendarView]:
    statement = select(*CALENDAR).where(BusyCalendar.person_id == person_id).order_by(BusyCalendar.created_at)
    return [CalendarView(*row) for row in session.execute(statement)]


def busy_times(session: Session, calendar_id: UUID) -> list[BusyView]:
    statement = select(*BUSY).where(BusyTime.calendar_id == calendar_id).order_by(BusyTime.starts_at)
    return [BusyView(*row) for row in session.execute(statement)]


def busy_elsewhere(session: Session, person_id: UUID, calendar_id: UUID) -> list[BusyView]:
    """The times that the person's other calendars keep."""
    statement = (
        select(*BUSY)
        .join(BusyCalendar, BusyCalendar.id == BusyTime.calendar_id)
        .where(
            BusyCalendar.person_id == person_id,
            BusyTime.calendar_id != calendar_id,
            BusyTime.booking_id.is_not(None),
        )
        .order_by(BusyTime.starts_at)
    )
    return [BusyView(*row) for row in session.execute(statement)]


def clashes_of(session: Session, person_id: UUID, since: datetime, limit: int) -> list[BusyView]:
    """Busy times to come that could not be kept, soonest first."""
    statement = (
        select(*BUSY)
        .join(BusyCalendar, BusyCalendar.id == BusyTime.calendar_id)
        .where(BusyCalendar.person_id == person_id, BusyTime.booking_id.is_(None), BusyTime.ends_at > since)
        .order_by(BusyTime.starts_at)
        .limit(limit)
    )
    return [BusyView(*row) for row in session.execute(statement)]
