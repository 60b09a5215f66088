"""Appointments, what they take, and the walk-in queue.

`changed_xid` is the id of the transaction that last wrote the row. A reader that remembers the oldest transaction still
running when it looked (`pg_snapshot_xmin`) asks next time for everything from that one on and misses nothing, without
a counter that every booking of a branch would have to queue for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import conv

from shopbell.db import TenantBase, Xid8

NO_OVERLAP = "no_overlap"
STATUSES = ("held", "booked", "confirmed", "arrived", "in_service", "done", "no_show", "cancelled")
UPCOMING = frozenset({"booked", "confirmed"})


class Booking(TenantBase):
    """An appointment, or for ten minutes only the hold of one (`held`, until `expires_at`)."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint(f"status in {STATUSES}", name="status"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("(status = 'held') = (expires_at is not null)", name="hold_expires"),
        CheckConstraint("status = 'held' or customer_id is not null", name="has_customer"),
        Index("ix_bookings_branch_id_starts_at", "branch_id", "starts_at"),
        Index("ix_bookings_customer_id_starts_at", "customer_id", "starts_at"),
        Index("ix_bookings_branch_id_changed_xid", "branch_id", "changed_xid"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[str]
    source: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    price_minor: Mapped[int]
    currency: Mapped[str]
    moves: Mapped[int] = mapped_column(server_default=text("0"))
    slot_version: Mapped[int] = mapped_column(server_default=text("0"))
    clash: Mapped[dict[str, Any] | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    changed_xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))


class Allocation(TenantBase):
    """A resource's time, taken by one step of an appointment. Removed when the appointment lets go of it."""

    __tablename__ = "allocations"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(resource_id, resource_id, '[]')"), "&&"),
            ("span", "&&"),
            name=conv(NO_OVERLAP),
            using="gist",
        ),
        Index("ix_allocations_booking_id", "booking_id"),
        Index("ix_allocations_branch_id_starts_at", "branch_id", "starts_at", postgresql_include=["ends_at", "resource_id"]),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID]
    resource_id: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    span: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class WalkIn(TenantBase):
    """Somebody who came without an appointment and waits."""

    __tablename__ = "walk_ins"
    __table_args__ = (
        CheckConstraint("status in ('waiting', 'serving', 'left', 'done')", name="status"),
        Index("ix_walk_ins_branch_id_arrived_at", "branch_id", "arrived_at"),
        Index("ix_walk_ins_branch_id_changed_xid", "branch_id", "changed_xid"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    name: Mapped[str]
    phone: Mapped[str | None]
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("services.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    status: Mapped[str]
    arrived_at: Mapped[datetime]
    changed_xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
