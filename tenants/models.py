"""The shared schema's own tables: who the tenants are and which hosts are theirs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import SharedBase


class Tenant(SharedBase):
    """A chain. `schema_name` never changes, so that a chain may be renamed."""

    __tablename__ = "tenants"
    __table_args__ = (CheckConstraint("status in ('active', 'suspended')", name="status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    schema_name: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    pack: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    currency: Mapped[str]
    country: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'active'"))
    created_at: Mapped[datetime]


class Domain(SharedBase):
    """A host name that leads to a tenant, lower case and without a port."""

    __tablename__ = "domains"

    host: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("shared.tenants.id", ondelete="CASCADE"), index=True)
    is_primary: Mapped[bool] = mapped_column(server_default=text("true"))
