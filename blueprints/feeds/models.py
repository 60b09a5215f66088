"""Calendar feeds given out, and calendars read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class Feed(TenantBase):
    """The address under which somebody's appointments can be subscribed to, until it is revoked."""

    __tablename__ = "feeds"
    __table_args__ = (
        CheckConstraint("(customer_id is null) <> (person_id is null)", name="one_subject"),
        Index("ix_feeds_customer_id", "customer_id"),
        Index("ix_feeds_person_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    locale: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]


class BusyCalendar(TenantBase):
    """A calendar of somebody's own whose busy times are kept free of appointments."""

    __tablename__ = "busy_calendars"
    __table_args__ = (Index("ix_busy_calendars_person_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    url: Mapped[str]
    etag: Mapped[str] = mapped_column(server_default=text("''"))
    modified: Mapped[str] = mapped_column(server_default=text("''"))
    """What the calendar's server said of the version last read."""
    read_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(server_default=text("''"))
    events: Mapped[int] = mapped_column(server_default=text("0"))
    clashes: Mapped[int] = mapped_column(server_default=text("0"))
    """Busy times that could not be kept because an appointment stands there."""
    created_at: Mapped[datetime]


class BusyTime(TenantBase):
    """A block in the booking book that stands for an event of a calendar."""

    __tablename__ = "busy_times"

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("busy_calendars.id", ondelete="CASCADE"), primary_key=True)
    uid: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
