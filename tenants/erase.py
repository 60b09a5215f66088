"""Erasing a tenant: its schema, its rows in the shared tables, its host names; what stays is a certificate."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from shopbell import clock
from shopbell.db import Database
from shopbell.errors import Conflict, Invalid
from shopbell.tenancy import TenantContext
from shopbell.text import N_
from tenants import certificate, contents, domains
from tenants.certificate import Certificate
from tenants.models import Erasure, Tenant, TenantExport, TenantMove

KEPT = frozenset({"erasures", "operator_records"})
"""Shared tables that tell of a tenant after its end."""
DIRECTORY = frozenset({"domains", "domain_claims", "tenant_exports", "tenant_moves", "tenant_usage"})
"""Removed last, so that whoever erases finds the tenant again after a crash."""
OWNED = text(
    """
    select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'shared'::regnamespace and c.relkind = 'r' and a.attname = 'tenant_id' order by 1
    """
)


class NotSuspended(Conflict):
    code = "not_suspended"
    title = N_("The chain is still open")


class OnTheMove(Conflict):
    code = "on_the_move"
    title = N_("The chain is being moved to another database server")


def erase(database: Database, tenant: TenantContext, *, confirmed: str, by: str) -> Certificate:
    """Remove everything of a suspended tenant. Archives of it are not found by this, and stay.

    Harmless to repeat after a crash: what was counted when it began is what the certificate says. Raises Invalid naming
    `confirm`, NotSuspended, OnTheMove.
    """
    if confirmed != tenant.slug:
        raise Invalid(f"Not erased: {confirmed!r} is not {tenant.slug!r}.", fields={"confirm": tenant.slug})
    with database.transaction(None) as directory:
        _begin(directory, database, tenant, by)
    with database.transaction(None, server=tenant.server) as there:
        there.execute(text(f'drop schema if exists "{tenant.schema}" cascade'))
        forget(there, tenant, keep=KEPT | DIRECTORY)
    with database.transaction(None) as directory:
        return _finish(directory, tenant)


def forget(session: Session, tenant: TenantContext, *, keep: frozenset[str]) -> None:
    """Remove the tenant's rows from the shared tables of the session's server, `keep` excepted."""
    for name in session.scalars(OWNED).all():
        if name not in keep:
            session.execute(text(f'delete from shared."{name}" where tenant_id = :id'), {"id": tenant.id})  # noqa: S608


def found(directory: Session, slug: str) -> list[Certificate]:
    """The certificates of erased tenants that had this short name, the latest first."""
    finished = (Erasure.slug == slug, Erasure.certificate.is_not(None))
    rows = directory.scalars(select(Erasure).where(*finished).order_by(Erasure.begun_at.desc()))
    return [Certificate(row.certificate or "", row.signature or "") for row in rows]


def _begin(directory: Session, database: Database, tenant: TenantContext, by: str) -> None:
    known = directory.get(Tenant, tenant.id, with_for_update=True)
    if known is None or known.status != "suspended":
        raise NotSuspended(f"Suspend it first: shopbell tenants suspend {tenant.slug}")
    if directory.get(TenantMove, tenant.id):
        raise OnTheMove("Let the move to another server come to its end first.")
    if directory.get(Erasure, tenant.id) is None:
        told = {**_told(directory, tenant, by), "rows": _counts(database, tenant)}
        directory.add(Erasure(tenant_id=tenant.id, slug=tenant.slug, begun_at=clock.now(), told=told))


def _told(directory: Session, tenant: TenantContext, by: str) -> dict[str, Any]:
    export = directory.get(TenantExport, tenant.id)
    return {
        "tenant": {"id": str(tenant.id), "slug": tenant.slug, "name": tenant.name},
        "server": tenant.server,
        "erased_by": by,
        "hosts": [named.host for named in domains.of(directory, tenant)],
        "keys": "The data keys of the chain were destroyed. Nobody can open what was sealed with them, in backups that "
        "do not hold the keys; an export made before can be imported.",
        "last_export": export and {"made_at": export.made_at.isoformat(), "manifest_sha256": export.sha256},
    }


def _counts(database: Database, tenant: TenantContext) -> dict[str, int]:
    counted = {}
    with database.transaction(tenant) as session:
        for table in contents.tables(session, tenant.schema):
            counted[table.name] = session.scalar(select(func.count()).select_from(text(table.sql_name))) or 0
        for name in session.scalars(OWNED).all():
            statement = text(f'select count(*) from shared."{name}" where tenant_id = :id')  # noqa: S608
            counted[f"shared.{name}"] = session.scalar(statement, {"id": tenant.id}) or 0
    return counted


def _finish(directory: Session, tenant: TenantContext) -> Certificate:
    row = directory.get_one(Erasure, tenant.id, with_for_update=True)
    issued = certificate.issue(
        {**row.told, "begun_at": row.begun_at.isoformat(), "erased_at": clock.now().isoformat(), "what": "erasure"}
    )
    row.certificate, row.signature = issued.text, issued.signature
    forget(directory, tenant, keep=KEPT)
    directory.execute(delete(Tenant).where(Tenant.id == tenant.id))
    return issued
