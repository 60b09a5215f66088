"""Devices that the staff of a branch share, and the PINs they use there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class DeskDevice(TenantBase):
    """A browser that stands at a branch's front desk; its cookie holds the token, the table its hash."""

    __tablename__ = "desk_devices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    registered_by: Mapped[UUID | None]
    registered_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(server_default=text("''"))
    revoked_at: Mapped[datetime | None]


class StaffPin(TenantBase):
    """Somebody's PIN for shared devices, as a password's hash."""

    __tablename__ = "staff_pins"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    pin_hash: Mapped[str]
    set_at: Mapped[datetime]
