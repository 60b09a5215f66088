"""Browsers that are signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class UserSession(TenantBase):
    """A signed-in browser; the cookie holds the token, the table its hash.

    One with a device was opened by PIN at that shared device, and reaches no further than its branch. One with a
    provider was opened there; its token, sealed, is shown to the provider again when the person signs out there, too,
    and `provider_sid` is what the provider calls its own session, which it may end.
    """

    __tablename__ = "user_sessions"
    __table_args__ = (CheckConstraint("(device_id is null) = (branch_id is null)", name="device"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, server_default=text("gen_random_uuid()"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("desk_devices.id", ondelete="CASCADE"), index=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    provider_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity_providers.id", ondelete="CASCADE"), index=True
    )
    id_token: Mapped[str | None]
    provider_sid: Mapped[str | None]
    address: Mapped[str] = mapped_column(server_default=text("''"))
    agent: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
