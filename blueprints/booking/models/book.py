"""Appointments, what they take, and the walk-in queue.

`changed_xid` is the id of the transaction that last wrote the row. A reader that remembers the oldest transaction still
running when it looked (`pg_snapshot_xmin`) asks next time for everything from that one on and misses nothing, without
a counter that every booking of a branch would have to queue for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Uuid, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import conv

from shopbell.db import TenantBase, Xid8
from shopbell.vault.columns import Sealed

NO_OVERLAP = "no_overlap"
STATUSES = (
    "held",
    "blocked",
    "requested",
    "booked",
    "confirmed",
    "arrived",
    "in_service",
    "done",
    "no_show",
    "cancelled",
)
UPCOMING = frozenset({"requested", "booked", "confirmed"})
NOTE = Sealed("bookings", "note", empty="")
WALK_IN_PHONE = Sealed("walk_ins", "phone")
SEALED = (NOTE, WALK_IN_PHONE)


class Booking(TenantBase):
    """A service for one guest: an appointment, or for some minutes only the hold of one (`held`, until `expires_at`).

    The appointments of one visit share its `visit_id`, which is the id of the first of them; one alone has none. Time
    that somebody is not there for customers is `blocked` and has no service.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint(f"status in {STATUSES}", name="status"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("(status = 'held') = (expires_at is not null)", name="hold_expires"),
        CheckConstraint(
            "status in ('held', 'blocked', 'cancelled') or customer_id is not null or guest_name <> ''",
            name="has_customer",
        ),
        CheckConstraint("status in ('held', 'blocked', 'cancelled') or service_id is not null", name="has_service"),
        Index("ix_bookings_branch_id_starts_at", "branch_id", "starts_at"),
        Index("ix_bookings_customer_id_starts_at", "customer_id", "starts_at"),
        Index("ix_bookings_branch_id_changed_xid", "branch_id", "changed_xid"),
        Index(
            "ix_bookings_person_id_cancelled_at",
            "person_id",
            "cancelled_at",
            postgresql_where=text("status = 'cancelled'"),
        ),
        Index(
            "ix_bookings_branch_id_created_at", "branch_id", "created_at", postgresql_where=text("status = 'requested'")
        ),
        Index("ix_bookings_blocked", "ends_at", postgresql_where=text("service_id is null")),
        Index("ix_bookings_visit_id", "visit_id", postgresql_where=text("visit_id is not null")),
        Index("ix_bookings_series_id", "series_id", postgresql_where=text("series_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(index=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("services.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who gives the main steps; others may help, as the allocations say."""
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    guest_name: Mapped[str] = mapped_column(server_default=text("''"))
    """Who comes: a guest of a party, or a walk-in who gave no telephone number and so has no customer record."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[str]
    source: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    price_minor: Mapped[int]
    currency: Mapped[str]
    moves: Mapped[int] = mapped_column(server_default=text("0"))
    slot_version: Mapped[int] = mapped_column(server_default=text("0"))
    revision: Mapped[int] = mapped_column(server_default=text("0"))
    """How often it was changed in any way: what a calendar is told as its SEQUENCE."""
    clash: Mapped[dict[str, Any] | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    visit_id: Mapped[UUID | None]
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"))
    options: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    """The variant and the add-ons chosen."""
    extra_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    """What the desk added to, or took from, the last step in which somebody is busy."""
    why: Mapped[dict[str, Any] | None]
    """How the person was found: {rule, facts}."""
    terms: Mapped[dict[str, Any] | None]
    """What was agreed when the appointment was made: see rules.terms.Terms."""
    arrived_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    changed_xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))


class Allocation(TenantBase):
    """A resource's time, taken by an appointment; removed when the appointment lets go of it.

    The constraint is what refuses a double booking, on every path, raw SQL included. A hold's allocations carry its
    `expires_at`; once that has passed, whoever needs the time removes them.
    """

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        ExcludeConstraint(
            (text("int8range(resource_id, resource_id, '[]')"), "&&"),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            name=conv(NO_OVERLAP),
            using="gist",
        ),
        Index("ix_allocations_expires_at", "expires_at", postgresql_where=text("expires_at is not null")),
        Index(
            "ix_allocations_resource_id_starts_at",
            "resource_id",
            "starts_at",
            postgresql_include=["ends_at", "expires_at"],
        ),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class WalkIn(TenantBase):
    """Somebody who came without an appointment and waits."""

    __tablename__ = "walk_ins"
    __table_args__ = (
        CheckConstraint("status in ('waiting', 'called', 'serving', 'left', 'done')", name="status"),
        Index("ix_walk_ins_branch_id_arrived_at", "branch_id", "arrived_at"),
        Index("ix_walk_ins_branch_id_changed_xid", "branch_id", "changed_xid"),
        Index("ix_walk_ins_arrived_at", "arrived_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    name: Mapped[str]
    phone: Mapped[str | None]
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("services.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    status: Mapped[str]
    arrived_at: Mapped[datetime]
    number: Mapped[int | None]
    """The ticket, counted anew each day."""
    source: Mapped[str] = mapped_column(server_default=text("'desk'"))
    quoted_low: Mapped[int | None]
    quoted_high: Mapped[int | None]
    """The wait that was promised on arrival, in minutes."""
    called_at: Mapped[datetime | None]
    seated_at: Mapped[datetime | None]
    changed_xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
