"""What a chain, a branch or a service demands of whoever books."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class BookingPolicy(TenantBase):
    """Terms of the chain (neither branch nor service), of a branch, of a service, or of a service at a branch.

    For each term the most specific row that names one holds: branch and service, then service, then branch, then
    chain. Percentages are of the price.
    """

    __tablename__ = "booking_policies"
    __table_args__ = (
        Index(
            "uq_booking_policies_branch_id_service_id",
            "branch_id",
            "service_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("late_cancel_percent between 0 and 100", name="late_cancel_percent"),
        CheckConstraint("no_show_percent between 0 and 100", name="no_show_percent"),
        CheckConstraint("deposit_percent between 0 and 100", name="deposit_percent"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"))
    cancel_minutes: Mapped[int | None]
    """Until how long before the start a customer may cancel free of charge."""
    move_minutes: Mapped[int | None]
    max_moves: Mapped[int | None]
    late_cancel_percent: Mapped[int | None]
    """None: no late cancelling online. A number: it may be cancelled late, at this fee."""
    no_show_percent: Mapped[int | None]
    deposit_percent: Mapped[int | None]
    no_shows_for_deposit: Mapped[int | None]
    """After so many no-shows within a year somebody pays a deposit first."""
    late_grace_minutes: Mapped[int | None]
    no_show_after_minutes: Mapped[int | None]


class PeakRule(TenantBase):
    """Busy times: bookable later, with a deposit, and with enough people at work. For a branch, for all of a region, or
    without either for all of the chain."""

    __tablename__ = "peak_rules"
    __table_args__ = (
        CheckConstraint("0 <= starts and starts < ends and ends <= 1440", name="span"),
        CheckConstraint("deposit_percent between 0 and 100", name="deposit_percent"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("region_id is null or branch_id is null", name="one_place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"))
    name: Mapped[dict[str, str]]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{0,1,2,3,4,5,6}'"))
    starts: Mapped[int]
    ends: Mapped[int]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    lead_minutes: Mapped[int | None]
    horizon_days: Mapped[int | None]
    deposit_percent: Mapped[int | None]
    staff_min: Mapped[int | None]


class PriorityWindow(TenantBase):
    """Time kept for customers of a tier and above until some hours before it begins, where a PeakRule may hold."""

    __tablename__ = "priority_windows"
    __table_args__ = (
        CheckConstraint("0 <= starts and starts < ends and ends <= 1440", name="span"),
        CheckConstraint("tier >= 1", name="tier"),
        CheckConstraint("region_id is null or branch_id is null", name="one_place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"))
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{0,1,2,3,4,5,6}'"))
    starts: Mapped[int]
    ends: Mapped[int]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    tier: Mapped[int]
    until_hours: Mapped[int]


class Series(TenantBase):
    """An appointment that recurs, with what could not be placed: [{day, code, detail, opens}]."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("every_weeks between 1 and 52 and visits between 1 and 52", name="size"),
        Index("ix_series_first_starts_at", "first_starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    first_starts_at: Mapped[datetime]
    every_weeks: Mapped[int]
    visits: Mapped[int]
    unplaced: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    created_at: Mapped[datetime]


class Charge(TenantBase):
    """Money that an appointment's terms ask for: a deposit, or a fee for a late cancellation or a no-show."""

    __tablename__ = "booking_charges"
    __table_args__ = (
        CheckConstraint("kind in ('deposit', 'late_cancel', 'no_show')", name="kind"),
        CheckConstraint("state in ('due', 'paid', 'kept', 'waived', 'refunded', 'dropped')", name="state"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        Index("uq_booking_charges_booking_id_kind", "booking_id", "kind", unique=True),
        Index("ix_booking_charges_branch_id_state_id", "branch_id", "state", "id"),
        Index("ix_booking_charges_state_id", "state", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    kind: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    decided_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class Override(TenantBase):
    """A rule that somebody of the staff set aside for an appointment, and why."""

    __tablename__ = "booking_overrides"
    __table_args__ = (Index("ix_booking_overrides_booking_id", "booking_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    kind: Mapped[str]
    reason: Mapped[str]
    user_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
