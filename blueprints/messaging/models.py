"""One table: every message, its text, its state and what the providers said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.messaging.rules import CHANNELS, STATES
from shopbell.db import TenantBase


class Message(TenantBase):
    """A message to one person over one channel.

    `attempt_token` names the attempt that may report back; `claimed_at` says when it began. `unknown_at` stays after a
    doubt is settled, so that every message that was ever in doubt can be found. `resends` counts e-mails sent again
    although the first copy may have arrived. After `expires_at` a message is not worth sending any more.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("state <> 'sending' or (attempt_token is not null and claimed_at is not null)", name="attempt"),
        Index("ix_messages_booking_id", "booking_id"),
        Index("ix_messages_customer_id", "customer_id"),
        Index(
            "uq_messages_sms_provider_ref",
            "provider_ref",
            unique=True,
            postgresql_where=text("channel = 'sms' and provider_ref is not null"),
        ),
        Index(
            "ix_messages_open_state",
            "state",
            "created_at",
            postgresql_where=text("state in ('queued', 'sending', 'unknown', 'failed')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    template: Mapped[str]
    channel: Mapped[str]
    locale: Mapped[str]
    recipient: Mapped[str]
    recipient_name: Mapped[str] = mapped_column(server_default=text("''"))
    sender_name: Mapped[str] = mapped_column(server_default=text("''"))
    subject: Mapped[str] = mapped_column(server_default=text("''"))
    body: Mapped[str]
    html: Mapped[str | None]
    calendar: Mapped[str | None]
    segments: Mapped[int] = mapped_column(server_default=text("0"))
    encoding: Mapped[str | None]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    resends: Mapped[int] = mapped_column(server_default=text("0"))
    attempt_token: Mapped[UUID | None]
    provider_ref: Mapped[str | None]
    provider_error: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    unknown_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
