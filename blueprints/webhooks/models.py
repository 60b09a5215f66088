"""Endpoints, and everything that was or will be sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase
from shopbell.vault.columns import Sealed

STATES = ("waiting", "delivered", "failed")
SECRET = Sealed("webhook_endpoints", "secret", empty="")
OLD_SECRET = Sealed("webhook_endpoints", "old_secret")
SEALED = (SECRET, OLD_SECRET)


class Endpoint(TenantBase):
    """An address that wants to be told. `old_secret` goes on signing beside the new one until `old_secret_until`;
    `failing_since` is the first of the failures since the last success; `off_because` says why it was switched off."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret: Mapped[str]
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret: Mapped[str | None]
    old_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    off_because: Mapped[str] = mapped_column(server_default=text("''"))
    failing_since: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Delivery(TenantBase):
    """One event for one endpoint. `message_id` stays the same over every try and every replay: receivers tell repeats
    by it. `status`, `millis`, `answer` (its first 2,000 characters) and `error` are of the latest try."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        Index("ix_webhook_deliveries_endpoint_id_id", "endpoint_id", "id"),
        Index(
            "ix_webhook_deliveries_waiting", "endpoint_id", "next_at", "id", postgresql_where=text("state = 'waiting'")
        ),
        Index("uq_webhook_deliveries_endpoint_id_message_id", "endpoint_id", "message_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    message_id: Mapped[str]
    type: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    status: Mapped[int | None]
    millis: Mapped[int | None]
    answer: Mapped[str] = mapped_column(server_default=text("''"))
    error: Mapped[str] = mapped_column(server_default=text("''"))
