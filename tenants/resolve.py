"""From a host name or an id to a tenant, remembered for a few seconds."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from shopbell.db import Database
from shopbell.tenancy import TenantContext
from tenants.models import Domain, Tenant

REMEMBER_SECONDS = 10.0
KNOWN_HOSTS = 5000

COLUMNS = (
    Tenant.id,
    Tenant.slug,
    Tenant.schema_name,
    Tenant.name,
    Tenant.pack,
    Tenant.locale,
    Tenant.time_zone,
    Tenant.currency,
    Tenant.country,
    Domain.host,
)


class Directory:
    """Finds tenants. Suspended ones are not found; an unknown host is remembered as unknown just as long."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._hosts: dict[str, tuple[float, TenantContext | None]] = {}
        self._ids: dict[UUID, tuple[float, TenantContext | None]] = {}

    def by_host(self, host: str) -> TenantContext | None:
        known = self._hosts.get(host)
        if known and known[0] > time.monotonic():
            return known[1]
        with self.database.transaction(None) as session:
            statement = select(Domain.tenant_id).where(Domain.host == host)
            tenant_id = session.scalar(statement)
            tenant = load(session, tenant_id) if tenant_id else None
        if len(self._hosts) >= KNOWN_HOSTS:
            self._hosts.clear()
        self._hosts[host] = (time.monotonic() + REMEMBER_SECONDS, tenant)
        return tenant

    def by_id(self, tenant_id: UUID) -> TenantContext | None:
        known = self._ids.get(tenant_id)
        if known and known[0] > time.monotonic():
            return known[1]
        with self.database.transaction(None) as session:
            tenant = load(session, tenant_id)
        self._ids[tenant_id] = (time.monotonic() + REMEMBER_SECONDS, tenant)
        return tenant

    def by_slug(self, slug: str) -> TenantContext | None:
        with self.database.transaction(None) as session:
            tenant_id = session.scalar(select(Tenant.id).where(Tenant.slug == slug))
            return load(session, tenant_id) if tenant_id else None

    def all(self) -> list[TenantContext]:
        with self.database.transaction(None) as session:
            return [context(row) for row in session.execute(_active()).all()]

    def forget(self) -> None:
        """Look everything up anew, after a tenant or a domain was changed by this process."""
        self._hosts.clear()
        self._ids.clear()


def load(session: Session, tenant_id: UUID) -> TenantContext | None:
    row = session.execute(_active().where(Tenant.id == tenant_id)).first()
    return context(row) if row else None


def context(row: Row[Any]) -> TenantContext:
    return TenantContext(*tuple(row))


def _active() -> Select[*tuple[Any, ...]]:
    return (
        select(*COLUMNS)
        .join(Domain, (Domain.tenant_id == Tenant.id) & Domain.is_primary)
        .where(Tenant.status == "active")
        .order_by(Tenant.slug)
    )
