"""Writing a migration: Alembic compares the models with a scratch schema built by the migrations there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from alembic import command
from sqlalchemy import text

from shopbell.db import Database
from shopbell.tenancy import TenantContext, entered
from tenants import migrate

SCRATCH = "scratch_for_migrations"


def make(database: Database, tree: str, message: str) -> str:
    """Write a revision of the tree and return its path."""
    scratch = TenantContext(UUID(int=0), "scratch", SCRATCH, "", "", "en", "UTC", "CNY", "CN", "")
    with entered(scratch), database.engine.connect() as connection, connection.begin() as transaction:
        if tree == "shared":
            connection.execute(text('create schema if not exists "shared"'))
        else:
            connection.execute(text(f'create schema "{SCRATCH}"'))
            if migrate.revisions("tenant"):
                connection.exec_driver_sql(migrate.script("tenant"))
        config = migrate.configuration(tree, connection=connection)
        written: Any = command.revision(config, message, autogenerate=True, rev_id=_next(tree))
        transaction.rollback()
    return str(written.path)


def _next(tree: str) -> str:
    return f"{len(migrate.revisions(tree)) + 1:04d}"
