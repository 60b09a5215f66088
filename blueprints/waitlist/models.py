"""Who waits for a time, and what was offered to them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class Wish(TenantBase):
    """A service somebody would like sooner or at another time: at any of the branches, on these days and hours.

    `earliest` and `latest` are minutes of the branch's local day between which the visit must start.
    """

    __tablename__ = "wishes"
    __table_args__ = (
        CheckConstraint("status in ('waiting', 'offered', 'accepted', 'left', 'over')", name="status"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("0 <= earliest and earliest < latest and latest <= 1440", name="hours"),
        CheckConstraint("cardinality(branch_ids) >= 1", name="branches"),
        Index("ix_wishes_waiting", "service_id", "created_at", postgresql_where=text("status = 'waiting'")),
        Index("ix_wishes_customer_id", "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    options: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    branch_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    first_day: Mapped[date]
    last_day: Mapped[date]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{0,1,2,3,4,5,6}'"))
    earliest: Mapped[int] = mapped_column(server_default=text("0"))
    latest: Mapped[int] = mapped_column(server_default=text("1440"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    """The appointment to be replaced, when somebody who has one would like to come sooner."""
    status: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Offer(TenantBase):
    """A freed time, held for one person until `expires_at`."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("status in ('open', 'accepted', 'declined', 'expired', 'withdrawn')", name="status"),
        Index("uq_offers_open_wish_id", "wish_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_offers_wish_id_created_at", "wish_id", "created_at"),
        Index("ix_offers_hold_id", "hold_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey("wishes.id", ondelete="CASCADE"))
    hold_id: Mapped[UUID]
    """The held appointment; it is gone once the offer is over."""
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime]
    status: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
