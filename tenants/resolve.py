"""From a host name or an id to a tenant, remembered for a few seconds.

The directory is read on the database server `main`. What was read is used for at most REMEMBER_SECONDS, so a suspended
tenant, a new name or a verified domain is known to every process after that time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from shopbell import clock
from shopbell.db import Database
from shopbell.prepared import Prepared
from shopbell.tenancy import Door, TenantContext
from tenants import quotas
from tenants.models import Domain, Tenant, TenantMove, TenantUsage

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
    Tenant.server,
)

ALLOWED = (
    *(getattr(Tenant, name) for name in quotas.COLUMN.values()),
    *(getattr(TenantUsage, name) for name in quotas.NAMES),
    TenantUsage.month,
)

UNDER_WAY = (TenantMove.tenant_id == Tenant.id) & TenantMove.switched_at.is_(None)


class Directory:
    """Finds tenants. An unknown host is remembered as unknown just as long as a known one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._doors: dict[str, tuple[float, Door | None]] = {}
        self._ids: dict[UUID, tuple[float, TenantContext | None]] = {}

    def door(self, host: str) -> Door | None:
        """What a host leads to, be it open or not."""
        known = self._doors.get(host)
        if known and known[0] > time.monotonic():
            return known[1]
        with self.database.transaction(None) as session:
            door = find_door(session, host)
        if len(self._doors) >= KNOWN_HOSTS:
            self._doors.clear()
        self._doors[host] = (time.monotonic() + REMEMBER_SECONDS, door)
        return door

    def by_host(self, host: str) -> TenantContext | None:
        """The tenant whose open door this is."""
        door = self.door(host)
        return door.tenant if door and not (door.suspended or door.moved) else None

    def by_id(self, tenant_id: UUID) -> TenantContext | None:
        """An active tenant; the due work of a suspended one, or of one on its way to another server, waits."""
        known = self._ids.get(tenant_id)
        if known and known[0] > time.monotonic():
            return known[1]
        with self.database.transaction(None) as session:
            tenant = load(session, tenant_id)
        self._ids[tenant_id] = (time.monotonic() + REMEMBER_SECONDS, tenant)
        return tenant

    def by_slug(self, slug: str) -> TenantContext | None:
        """A tenant, suspended or not; always asked anew."""
        with self.database.transaction(None) as session:
            row = session.execute(_tenants().where(Tenant.slug == slug)).first()
            return context(row) if row else None

    def all(self, *, suspended: bool = False) -> list[TenantContext]:
        """Every active tenant by its short name, or every tenant."""
        statement = _tenants() if suspended else _tenants().where(Tenant.status == "active")
        with self.database.transaction(None) as session:
            return [context(row) for row in session.execute(statement).all()]

    def forget(self) -> None:
        """Look everything up anew, after a tenant or a domain was changed by this process."""
        self._doors.clear()
        self._ids.clear()


def find_door(session: Session, host: str) -> Door | None:
    for *known, status, redirects_until, target in BY_HOST.run(session, {"host": host}):
        if redirects_until and redirects_until <= clock.now():
            return None
        moved = redirects_until is not None
        return Door(context(known), suspended=status != "active", moved=moved, moving=target is not None)
    return None


def find(session: Session, tenant_id: UUID) -> TenantContext | None:
    """A tenant, suspended or not."""
    row = session.execute(_tenants().where(Tenant.id == tenant_id)).first()
    return context(row) if row else None


def load(session: Session, tenant_id: UUID) -> TenantContext | None:
    for row in OPEN.run(session, {"id": tenant_id}):
        return context(row)
    return None


def context(row: Sequence[Any]) -> TenantContext:
    values, kinds = tuple(row), len(quotas.NAMES)
    tenant, rest = TenantContext(*values[: len(COLUMNS)]), values[len(COLUMNS) :]
    allowed = quotas.allowances(tenant.time_zone, rest[:kinds], rest[kinds : 2 * kinds], rest[2 * kinds])
    return replace(tenant, allowances=allowed)


def _tenants() -> Select[*tuple[Any, ...]]:
    return (
        select(*COLUMNS, *ALLOWED)
        .join(Domain, (Domain.tenant_id == Tenant.id) & Domain.is_primary)
        .outerjoin(TenantUsage, TenantUsage.tenant_id == Tenant.id)
        .order_by(Tenant.slug)
    )


def _by_host() -> Select[*tuple[Any, ...]]:
    asked = aliased(Domain)
    return (
        _tenants()
        .join(asked, asked.tenant_id == Tenant.id)
        .where(asked.host == bindparam("host"))
        .outerjoin(TenantMove, UNDER_WAY)
        .add_columns(Tenant.status, asked.redirects_until, TenantMove.target)
    )


def _open() -> Select[*tuple[Any, ...]]:
    still = (Tenant.id == bindparam("id"), Tenant.status == "active", TenantMove.tenant_id.is_(None))
    return _tenants().outerjoin(TenantMove, UNDER_WAY).where(*still)


BY_HOST = Prepared(_by_host())
OPEN = Prepared(_open())


def busiest(session: Session) -> TenantContext | None:
    """The active tenant with the most appointments this month, as last counted; None when there is no tenant."""
    most = TenantUsage.bookings.desc().nulls_last()
    statement = _tenants().where(Tenant.status == "active").order_by(None).order_by(most, Tenant.slug).limit(1)
    row = session.execute(statement).first()
    return context(row) if row else None


def is_open(session: Session, tenant_id: UUID) -> bool:
    """Whether the tenant lets anybody in."""
    return session.scalar(select(Tenant.status).where(Tenant.id == tenant_id)) == "active"
