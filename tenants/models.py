"""The directory: who the tenants are, where they lie and which hosts are theirs.

Every database server has these tables, because all of them have the same shared schema; those on `main` are read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
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
    server: Mapped[str] = mapped_column(server_default=text("'main'"))
    created_at: Mapped[datetime]
    branch_quota: Mapped[int | None]
    booking_quota: Mapped[int | None]
    """A month, as the next one; none: as many as it likes."""
    message_quota: Mapped[int | None]


class TenantUsage(SharedBase):
    """What a tenant had used of its quotas when its work last counted it, which is a sign of life of workers too."""

    __tablename__ = "tenant_usage"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("shared.tenants.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date]
    """The first day of the month, where the tenant is, that bookings and messages are counted for."""
    branches: Mapped[int]
    bookings: Mapped[int]
    messages: Mapped[int]
    failed_messages: Mapped[int]
    """Of all time: those that wait for somebody to look at them."""
    counted_at: Mapped[datetime]


class TenantCreation(SharedBase):
    """A tenant that somebody has asked for, and how far it has come. Its id becomes the tenant's."""

    __tablename__ = "tenant_creations"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'building', 'inviting', 'done', 'failed')", name="state"),
        Index("ix_tenant_creations_asked_at", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str]
    asked: Mapped[dict[str, Any]]
    """What a new tenant is said to be: the fields of provisioning.NewTenant."""
    limits: Mapped[dict[str, Any] | None]
    """What it may use, by the names of quotas.NAMES; none: as much as it likes."""
    server: Mapped[str | None]
    owner_email: Mapped[str | None]
    """Who is invited as its first user; forgotten at the end."""
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    problem: Mapped[str | None]
    """Why it failed: the title of an error, to be said in the reader's language."""
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Domain(SharedBase):
    """A host name that leads to a tenant, lower case and without a port; until `redirects_until` an earlier one."""

    __tablename__ = "domains"
    __table_args__ = (Index("uq_domains_primary", "tenant_id", unique=True, postgresql_where=text("is_primary")),)

    host: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("shared.tenants.id", ondelete="CASCADE"), index=True)
    is_primary: Mapped[bool] = mapped_column(server_default=text("true"))
    redirects_until: Mapped[datetime | None]


class DomainClaim(SharedBase):
    """A host name that a tenant says is theirs. It leads nowhere until they have shown it, and several may claim one.

    `problem` is the code of why the last of the `tries` found no proof.
    """

    __tablename__ = "domain_claims"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("shared.tenants.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
    claimed_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    problem: Mapped[str | None]


class TenantRevision(SharedBase):
    """What came of the last migration of a tenant, on the tenant's own server; the truth is its `alembic_version`."""

    __tablename__ = "tenant_revisions"
    __table_args__ = (Index("ix_tenant_revisions_error", "tenant_id", postgresql_where=text("error is not null")),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[str]
    """Where it stands; empty when that could not be read."""
    error: Mapped[str | None]
    seconds: Mapped[float]
    changed_at: Mapped[datetime]


class TenantExport(SharedBase):
    """The last archive that was made of a tenant, so that its erasure can say what was kept."""

    __tablename__ = "tenant_exports"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    sha256: Mapped[str]
    """Of the archive's manifest, which names the checksum of everything else."""


class TenantMove(SharedBase):
    """A tenant on its way to another database server. Nobody may change anything of it before `switched_at`; after that
    the old copy waits to be removed."""

    __tablename__ = "tenant_moves"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    target: Mapped[str]
    begun_at: Mapped[datetime]
    switched_at: Mapped[datetime | None]


class Erasure(SharedBase):
    """A tenant that was erased, or is being erased while there is no certificate. Stays for good."""

    __tablename__ = "erasures"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(index=True)
    begun_at: Mapped[datetime]
    told: Mapped[dict[str, Any]]
    """What was there when it began: who erased it, rows per table, hosts, the last export."""
    certificate: Mapped[str | None]
    """JSON text, signed as it stands."""
    signature: Mapped[str | None]
