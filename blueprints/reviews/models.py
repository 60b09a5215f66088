"""What customers said about their visits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase
from shopbell.vault.columns import Sealed

WORDS = Sealed("reviews", "words", empty="")
SEALED = (WORDS,)


class Review(TenantBase):
    """A customer's word on a visit: `stages` maps booking, reception, consultation, service, after to 1 to 5 stars."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("stars between 1 and 5", name="stars"),
        CheckConstraint("status in ('pending', 'shown', 'hidden')", name="status"),
        Index(
            "ix_reviews_person_id_shown",
            "person_id",
            "created_at",
            "id",
            postgresql_include=["stars"],
            postgresql_where=text("status = 'shown'"),
        ),
        Index(
            "ix_reviews_branch_id_shown",
            "branch_id",
            "created_at",
            "id",
            postgresql_include=["stars"],
            postgresql_where=text("status = 'shown'"),
        ),
        Index("ix_reviews_status_low_created_at", "status", "low", "created_at", "id"),
        Index("ix_reviews_branch_id_status_low_created_at", "branch_id", "status", "low", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    stars: Mapped[int]
    low: Mapped[bool]
    """So few stars that head office reads it first."""
    stages: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))
    words: Mapped[str] = mapped_column(server_default=text("''"))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    locale: Mapped[str]
    status: Mapped[str]
    why: Mapped[str] = mapped_column(server_default=text("''"))
    """The rule that makes it wait, or the reason for which it is hidden."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(server_default=text("''"))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
