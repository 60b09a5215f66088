"""How the installation is doing: each database server, and each chain, asked where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from blueprints.messaging import api as messaging
from blueprints.operator.queries.chains import AWAY
from shopbell import clock
from shopbell.db import Database
from shopbell.due import DueWork
from shopbell.outbox import OutboxRow
from shopbell.tenancy import TenantContext
from tenants import placement, rollout
from tenants.models import Tenant, TenantRevision, TenantUsage
from tenants.rollout import Standing

FAILURES = 50


@dataclass(frozen=True)
class Work:
    """Due work: how much is due by now and since when, and how much was given up."""

    waiting: int
    oldest: datetime | None
    failed: int


@dataclass(frozen=True)
class Server:
    """A database server; everything else is None while it is `away`."""

    name: str
    away: bool
    work: Work | None = None
    facts: int = 0
    oldest_fact: datetime | None = None
    """Published, and not yet told to those who react to it."""
    standing: Standing | None = None
    left_over: tuple[str, ...] = ()
    """Schemas that no chain has: what is left of creations that died half-way."""


@dataclass(frozen=True)
class Failure:
    """Work that was given up. The error's name alone: what it says may be of somebody's data."""

    id: UUID
    server: str
    tenant: str
    tenant_id: UUID
    kind: str
    attempts: int
    error: str
    failed_at: datetime


@dataclass(frozen=True)
class ChainHealth:
    """How a chain's own work goes; `away` when its server, or its schema, cannot be asked."""

    away: bool
    work: Work = Work(0, None, 0)
    unsent: datetime | None = None
    """When the oldest message was written that has not left."""
    revision: str = ""
    error: str = ""
    """Why its last migration failed."""


def servers(directory: Session, database: Database) -> list[Server]:
    """Every server of the settings, and those that chains are said to lie on."""
    return [_server(directory, database, name) for name in placement.counts(directory, database.servers)]


def _server(directory: Session, database: Database, name: str) -> Server:
    try:
        with database.transaction(None, server=name) as there:
            unrelayed = select(func.count(), func.min(OutboxRow.created_at)).where(OutboxRow.relayed_at.is_(None))
            facts, oldest = there.execute(unrelayed).one()
            work, left_over = _work(there), tuple(placement.left_over(directory, there, name))
        return Server(name, False, work, facts, oldest, rollout.standing(database, name), left_over)
    except AWAY:
        return Server(name, away=True)


def _work(there: Session, tenant_id: UUID | None = None) -> Work:
    whose = DueWork.tenant_id == tenant_id if tenant_id else and_(True)
    now = and_(whose, DueWork.failed_at.is_(None), DueWork.run_at <= clock.now())
    waiting, oldest = there.execute(select(func.count(), func.min(DueWork.due_at)).where(now)).one()
    failed = there.scalar(select(func.count()).select_from(DueWork).where(whose, DueWork.failed_at.is_not(None)))
    return Work(waiting, oldest, failed or 0)


def failures(directory: Session, database: Database) -> list[Failure]:
    """The work that was given up last, over all servers that can be asked."""
    found: list[tuple[str, DueWork]] = []
    for name in database.servers:
        try:
            with database.transaction(None, server=name) as there:
                found += [(name, row) for row in there.scalars(_failed())]
        except AWAY:
            continue
    latest = sorted(found, key=lambda pair: pair[1].failed_at or clock.now(), reverse=True)[:FAILURES]
    ids = {row.tenant_id for _, row in latest}
    names = {row[0]: row[1] for row in directory.execute(select(Tenant.id, Tenant.slug).where(Tenant.id.in_(ids)))}
    return [
        Failure(
            id=row.id,
            server=server,
            tenant=names.get(row.tenant_id, ""),
            tenant_id=row.tenant_id,
            kind=row.kind,
            attempts=row.attempts,
            error=(row.last_error or "").partition(":")[0],
            failed_at=row.failed_at or clock.now(),
        )
        for server, row in latest
    ]


def _failed() -> Select[DueWork]:
    return select(DueWork).where(DueWork.failed_at.is_not(None)).order_by(DueWork.failed_at.desc()).limit(FAILURES)


def failed_messages(directory: Session) -> int:
    """Over all chains, as counted last."""
    return directory.scalar(select(func.coalesce(func.sum(TenantUsage.failed_messages), 0))) or 0


def usage_of(directory: Session, tenant_id: UUID) -> TenantUsage | None:
    return directory.get(TenantUsage, tenant_id)


def of_chain(database: Database, tenant: TenantContext) -> ChainHealth:
    try:
        with database.transaction(None, server=tenant.server) as there:
            work, noted = _work(there, tenant.id), there.get(TenantRevision, tenant.id)
        with database.transaction(tenant) as session:
            unsent = messaging.oldest_unsent(session)
    except AWAY:
        return ChainHealth(away=True)
    return ChainHealth(False, work, unsent, noted.revision if noted else "", (noted and noted.error) or "")
