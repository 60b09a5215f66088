"""Chains as the console lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shopbell.db import Database, UnknownServer
from shopbell.tenancy import Allowance
from tenants import quotas
from tenants.models import Domain, Tenant, TenantCreation, TenantMove, TenantRevision, TenantUsage

AWAY = (DBAPIError, psycopg.Error, UnknownServer)
"""What it looks like when a database server cannot be asked."""
LATEST_ORDERS = 10


@dataclass(frozen=True)
class Filter:
    """Which chains: part of a name or of a host name, and exactly this status, server and trade pack."""

    text: str = ""
    status: str = ""
    server: str = ""
    pack: str = ""


@dataclass(frozen=True)
class Row:
    """A chain in the list. `revision` is empty when its server cannot be asked, or never wrote one down."""

    id: UUID
    slug: str
    name: str
    pack: str
    status: str
    moving: bool
    server: str
    host: str
    revision: str
    created_at: datetime
    allowances: dict[str, Allowance]


def count(directory: Session, wanted: Filter) -> int:
    return directory.scalar(select(func.count()).select_from(Tenant).where(*_matching(wanted))) or 0


def page(directory: Session, database: Database, wanted: Filter, *, start: int, size: int) -> list[Row]:
    """Some of the chains, by their short names, with where each stands on its own server."""
    host = (Domain.tenant_id == Tenant.id) & Domain.is_primary
    moving = TenantMove.switched_at.is_(None) & (TenantMove.tenant_id == Tenant.id)
    statement = (
        select(Tenant, Domain.host, TenantMove.target, TenantUsage).join(Domain, host).outerjoin(TenantMove, moving)
    )
    statement = statement.outerjoin(TenantUsage, TenantUsage.tenant_id == Tenant.id).order_by(Tenant.slug)
    found = directory.execute(statement.where(*_matching(wanted)).offset(start).limit(size)).all()
    revisions = revisions_of(database, {tenant.id: tenant.server for tenant, *_ in found})
    return [
        Row(
            id=tenant.id,
            slug=tenant.slug,
            name=tenant.name,
            pack=tenant.pack,
            status=tenant.status,
            moving=target is not None,
            server=tenant.server,
            host=name,
            revision=revisions.get(tenant.id, ""),
            created_at=tenant.created_at,
            allowances=allowances_of(tenant, usage),
        )
        for tenant, name, target, usage in found
    ]


def allowances_of(tenant: Tenant, usage: TenantUsage | None) -> dict[str, Allowance]:
    limits = [getattr(tenant, column) for column in quotas.COLUMN.values()]
    used = [getattr(usage, name) if usage else None for name in quotas.NAMES]
    return dict(quotas.allowances(tenant.time_zone, limits, used, usage.month if usage else None))


def revisions_of(database: Database, servers: dict[UUID, str]) -> dict[UUID, str]:
    """Where tenants stand, asked of each of their servers once; those of a server that is away are missing."""
    found: dict[UUID, str] = {}
    for server in sorted(set(servers.values())):
        ids = [tenant_id for tenant_id, place in servers.items() if place == server]
        columns = select(TenantRevision.tenant_id, TenantRevision.revision)
        try:
            with database.transaction(None, server=server) as there:
                found |= {row[0]: row[1] for row in there.execute(columns.where(TenantRevision.tenant_id.in_(ids)))}
        except AWAY:
            continue
    return found


def order(directory: Session, order_id: UUID) -> TenantCreation | None:
    return directory.get(TenantCreation, order_id)


def latest_orders(directory: Session) -> list[TenantCreation]:
    """Chains that were asked for, the latest first."""
    statement = select(TenantCreation).order_by(TenantCreation.asked_at.desc()).limit(LATEST_ORDERS)
    return list(directory.scalars(statement))


def packs(directory: Session) -> Iterable[str]:
    return directory.scalars(select(Tenant.pack).distinct().order_by(Tenant.pack)).all()


def _matching(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        host = select(Domain.tenant_id).where(Domain.host.contains(wanted.text.lower(), autoescape=True))
        named = Tenant.name.icontains(wanted.text, autoescape=True)
        slug = Tenant.slug.contains(wanted.text.lower(), autoescape=True)
        found.append(or_(named, slug, Tenant.id.in_(host)))
    for column, value in ((Tenant.status, wanted.status), (Tenant.server, wanted.server), (Tenant.pack, wanted.pack)):
        if value:
            found.append(column == value)
    return found
