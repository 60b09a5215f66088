"""Who waits for a time, and what was offered to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase
from shopbell.vault.columns import Sealed

ENDINGS = ("", "accepted", "booked", "cancelled", "left", "past", "removed", "unanswered")
"""How a wish came to its end: by an offer, by their own booking, with the appointment it was to replace, by the
customer, by time, by staff, or because nobody ever answered."""


NOTE = Sealed("wishes", "note", empty="")
SEALED = (NOTE,)


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
        CheckConstraint(f"ended in {ENDINGS}", name="ended"),
        Index("ix_wishes_waiting", "branch_ids", postgresql_using="gin", postgresql_where=text("status = 'waiting'")),
        Index("ix_wishes_customer_id", "customer_id"),
        Index("ix_wishes_status_id", "status", "id"),
        Index("ix_wishes_booking_id", "booking_id", postgresql_where=text("booking_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    options: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    guests: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    """A visit of several services or guests, whose first service stands above: [{items: [{service, options, person}]}].
    """
    branch_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    first_day: Mapped[date]
    last_day: Mapped[date]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{0,1,2,3,4,5,6}'"))
    earliest: Mapped[int] = mapped_column(server_default=text("0"))
    latest: Mapped[int] = mapped_column(server_default=text("1440"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    """The appointment to be replaced, when somebody who has one would like to come sooner."""
    status: Mapped[str]
    ended: Mapped[str] = mapped_column(server_default=text("''"))
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    """Why staff removed it."""
    note: Mapped[str] = mapped_column(server_default=text("''"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str] = mapped_column(server_default=text("'web'"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Offer(TenantBase):
    """A freed time, held for one person until `expires_at`.

    `freed_from` and `freed_to` are the whole span that had become free: what of it nobody takes goes to the next.
    """

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("status in ('open', 'accepted', 'declined', 'expired', 'withdrawn')", name="status"),
        Index("uq_offers_open_wish_id", "wish_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_offers_wish_id_created_at", "wish_id", "created_at"),
        Index("ix_offers_branch_id_freed_from", "branch_id", "freed_from"),
        Index("ix_offers_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey("wishes.id", ondelete="CASCADE"))
    hold_id: Mapped[UUID]
    """The held appointment; it is gone once the offer is over."""
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    freed_from: Mapped[datetime]
    freed_to: Mapped[datetime]
    status: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
