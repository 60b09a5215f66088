"""What devices at the front desk have done, each operation once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class DeskOp(TenantBase):
    """An operation a device sent, and the answer it got: whoever sends it again gets the same answer.

    The row is written before the work, in the same transaction, so that two copies of one operation cannot both run.
    `at` is what the device's clock showed when it was done, `applied_at` when it reached the server.
    """

    __tablename__ = "desk_ops"
    __table_args__ = (Index("ix_desk_ops_branch_id_applied_at", "branch_id", "applied_at"),)

    op_id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    device: Mapped[str]
    user_id: Mapped[UUID]
    type: Mapped[str]
    result: Mapped[dict[str, Any] | None]
    at: Mapped[datetime | None]
    applied_at: Mapped[datetime]
