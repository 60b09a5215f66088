"""Where wrapped data keys lie, and which tables of a tenant are sealed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import SharedBase, TenantBase


class DataKey(SharedBase):
    """A data key of a tenant, wrapped by the master key `master`; on the tenant's own server, and outside its schema.

    Number 0 is the secret of its blind indexes, which is never replaced; of the others the highest one whose time has
    come seals.
    """

    __tablename__ = "data_keys"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    master: Mapped[str]
    seals_from: Mapped[datetime]


class SealedTable(TenantBase):
    """Since when nothing is written in clear into a table any more, and when the last of what was there was sealed."""

    __tablename__ = "sealed_tables"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    key_number: Mapped[int] = mapped_column(server_default=text("0"))
    """The oldest data key that any of its rows may still be sealed with; 0 until that was looked at."""
