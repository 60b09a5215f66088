"""Two Alembic trees: one for the shared schema, one for every tenant's.

A revision is rendered to SQL once and the text is run per tenant (`tenants.rollout`): one Alembic command per schema
would spend nearly all its time on starting up.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from functools import cache
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shopbell import clock
from shopbell.db import Database, SharedBase, TenantBase, use_up
from shopbell.settings import ROOT
from shopbell.tenancy import MAIN, TenantContext

TREES = ROOT / "infra" / "migrations"
ADVISORY_LOCK = 7_246_301
NOTE = """
insert into shared.tenant_revisions (tenant_id, revision, error, seconds, changed_at)
  select unnest(%s::uuid[]), %s, %s, %s, %s
  on conflict (tenant_id) do update set revision = excluded.revision, error = excluded.error,
    seconds = excluded.seconds, changed_at = excluded.changed_at
"""

_rendering = threading.Lock()


def configuration(tree: str, **attributes: Any) -> Config:
    """An Alembic configuration for the tree `shared` or `tenant`, without a file."""
    config = Config()
    config.set_main_option("script_location", str(TREES / tree))
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


@cache
def head(tree: str) -> str:
    revision = ScriptDirectory.from_config(configuration(tree)).get_current_head()
    if revision is None:
        raise RuntimeError(f"the migration tree {tree} has no revision")
    return revision


def revisions(tree: str) -> list[str]:
    """The tree's revisions, newest first."""
    return [found.revision for found in ScriptDirectory.from_config(configuration(tree)).walk_revisions()]


def script(tree: str, start: str = "base", end: str = "head") -> str:
    """The SQL that takes a schema from `start` to `end`, rendered once; unqualified names, no BEGIN or COMMIT."""
    # Alembic renders through proxies that belong to the process, not to the thread.
    with _rendering:
        return _rendered(tree, start, end)


@cache
def _rendered(tree: str, start: str, end: str) -> str:
    buffer = io.StringIO()
    config = configuration(tree)
    config.output_buffer = buffer
    command.upgrade(config, f"{start}:{end}", sql=True)
    return buffer.getvalue()


def upgrade_shared(database: Database, server: str = MAIN) -> None:
    """Bring a server's shared schema to the newest revision. Safe to call from several processes at once."""
    with database.transaction(None, server=server) as session:
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        session.execute(text('create schema if not exists "shared"'))
        current = current_revision(session, "shared")
        if current != head("shared"):
            run_script(session, script("shared", current or "base"))


def note(
    session: Session, tenant: TenantContext, revision: str, *, seconds: float = 0.0, error: str | None = None
) -> None:
    """Write down where a tenant stands, or why its last migration failed."""
    note_all(session, [tenant], revision, seconds=seconds, error=error)


def note_all(
    session: Session,
    tenants: Iterable[TenantContext],
    revision: str,
    *,
    seconds: float = 0.0,
    error: str | None = None,
) -> None:
    """The same for tenants of one server; `seconds` are each one's."""
    driver(session).execute(NOTE, ([tenant.id for tenant in tenants], revision, error, seconds, clock.now()))


def current_revision(session: Session, schema: str) -> str | None:
    table = f'"{schema}".alembic_version'
    if session.scalar(text("select to_regclass(:table)"), {"table": table}) is None:
        return None
    version: str | None = session.scalar(text(f"select version_num from {table}"))  # noqa: S608 - a schema of ours
    return version


def lay_out(session: Session, revision: str = "head") -> None:
    """Make a tenant's tables, in the schema where the session is, as a revision has them."""
    use_up(session)
    run_script(session, script("tenant", "base", revision))


def run_script(session: Session, sql: str) -> None:
    """Run many statements in one round trip, in the session's transaction."""
    driver(session).execute(sql)


def driver(session: Session) -> Any:
    """psycopg's connection of the session, in its transaction: over a thousand tenants the way there counts."""
    return session.connection().connection.dbapi_connection


def drift(connection: Connection, metadata: MetaData) -> list[Any]:
    """What the models say and the migrated schema does not, or the other way round."""
    shared = metadata is SharedBase.metadata
    options: dict[str, Any] = {"compare_type": True, "compare_server_default": False, "include_schemas": shared}
    if shared:
        options["include_name"] = lambda name, kind, _parents: kind != "schema" or name == "shared"
        options["version_table_schema"] = "shared"
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def run_environment(context: Any, metadata: MetaData, *, version_schema: str | None) -> None:
    """The common body of both env.py files: offline renders text, online uses the caller's connection."""
    options: dict[str, Any] = {
        "target_metadata": metadata,
        "version_table_schema": version_schema,
        "compare_type": True,
        "user_module_prefix": "kit.",
    }
    if version_schema:
        options["include_schemas"] = True
        options["include_name"] = lambda name, kind, _parents: kind != "schema" or name == version_schema
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, transactional_ddl=False, **options)
        context.run_migrations()
        return
    context.configure(connection=context.config.attributes["connection"], **options)
    context.run_migrations()


__all__ = [
    "TenantBase",
    "configuration",
    "current_revision",
    "drift",
    "head",
    "lay_out",
    "note",
    "script",
    "upgrade_shared",
]
