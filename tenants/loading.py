"""Filling a schema that was just made: nothing is checked row by row, and everything at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from shopbell.tenancy import TenantContext
from tenants import contents, migrate

KEYS = text(
    """
    select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
      from pg_constraint where contype = 'f' and connamespace = cast(:schema as regnamespace) order by 1, 2
    """
)


def make(session: Session, tenant: TenantContext, revision: str) -> None:
    """The tenant's schema as it was at a revision."""
    session.execute(text(f'create schema "{tenant.schema}"'))
    migrate.lay_out(session, revision)


@contextmanager
def filling(session: Session, schema: str) -> Iterator[None]:
    """Empty tables, without keys between them and without triggers, for the block; afterwards with both again.

    Rows may then come in any order, and none is written into the trail a second time. Raises IntegrityError at the end
    for rows that refer to none.
    """
    names = [table.sql_name for table in contents.tables(session, schema)]
    keys = session.execute(KEYS, {"schema": schema}).all()
    for table, name, _definition in keys:
        session.execute(text(f"alter table {table} drop constraint {name}"))
    for table in names:
        session.execute(text(f"alter table {table} disable trigger user"))
    session.execute(text("truncate " + ", ".join(names)))
    yield
    for table in names:
        session.execute(text(f"alter table {table} enable trigger user"))
    for table, name, definition in keys:
        session.execute(text(f"alter table {table} add constraint {name} {definition}"))
    for table in names:
        # Until the server looks by itself, every plan would be for an empty table.
        session.execute(text(f"analyze {table}"))
