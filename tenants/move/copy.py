"""The copy: rows go from server to server as they are, and both sides are compared before anybody relies on it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from shopbell.tenancy import TenantContext
from tenants import contents, erase, loading, migrate
from tenants.archive.writing import Tell
from tenants.contents import Table

KEYS = frozenset({"data_keys"})
"""Whoever still reads the copy that was left has to open what it reads."""
LOCK = "select 1 from shared.{} where tenant_id = :id for update"


class NotTheSame(RuntimeError):
    """A table came out differently on the other side: a bug, or a server that is not well."""


def hold_work(source: Session, tenant: TenantContext) -> None:
    """Keep relays and workers of the source from the tenant's facts and work until the transaction ends."""
    for name in contents.CARRIED:
        source.execute(text(LOCK.format(name)), {"id": tenant.id})


def remove(target: Session, tenant: TenantContext) -> None:
    """Take away what an earlier attempt, or an earlier stay, left on a server."""
    target.execute(text(f'drop schema if exists "{tenant.schema}" cascade'))
    erase.forget(target, tenant, keep=erase.KEPT | erase.DIRECTORY)


def forget_work(session: Session, tenant: TenantContext) -> None:
    erase.forget(session, tenant, keep=erase.KEPT | erase.DIRECTORY | KEYS)


def copy(source: Session, target: Session, tenant: TenantContext, tell: Tell) -> None:
    """Make the schema on the target and fill it. Nobody may change the source meanwhile. Raises NotTheSame."""
    revision = migrate.current_revision(source, tenant.schema) or ""
    loading.make(target, tenant, revision)
    own = contents.tables(source, tenant.schema)
    everything = [*own, *contents.shared_tables(source, tenant.id)]
    with loading.filling(target, tenant.schema):
        for table in everything:
            tell(table.name, _copy_table(source, target, table, own, tenant))
    contents.set_sequences(target, contents.sequences(source, tenant.schema))
    for session in (source, target):
        session.execute(text(contents.STEADY))
    for table in everything:
        here, there = contents.checksum(source, table, own), contents.checksum(target, table, own)
        if here != there:
            raise NotTheSame(f"{table.name}: {here} at the source, {there} at the target")
    migrate.note(target, tenant, revision)


def _copy_table(source: Session, target: Session, table: Table, own: list[Table], tenant: TenantContext) -> int:
    names, out = table.names, contents.rows(table, own, placed=True)
    if table.shared:
        out = f"select {names}, '{tenant.id}'::uuid from ({out}) as r"  # noqa: S608
        names = f"{names}, tenant_id"
    with (
        contents.raw(source).cursor() as reading,
        contents.raw(target).cursor() as writing,
        reading.copy(f"copy ({out}) to stdout with (format binary)") as rows,
        writing.copy(f"copy {table.sql_name} ({names}) from stdin with (format binary)") as into,
    ):
        for row in rows:
            into.write(row)
    return max(writing.rowcount, 0)
