"""One release's migrations over every tenant: each in a transaction of its own, several at a time.

What has to be run is rendered once per revision that tenants stand on. A tenant that cannot be upgraded keeps what it
had and stops nobody else; running the rollout again takes up whoever is left. Where each stands is its own
`alembic_version`; `shared.tenant_revisions` on its server says what came of the last attempt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import chain, groupby, zip_longest

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable, UndefinedTable
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shopbell.db import Database, UnknownServer
from shopbell.tenancy import TenantContext
from tenants import migrate
from tenants.models import Tenant, TenantRevision

WORKERS = 2
TRIES = 5
FIRST_PAUSE_SECONDS = 0.25
STANDS_AT = "select version_num from alembic_version for update"
# The tenant's own statements wait behind a lock that is waited for: better to give way and come back.
PATIENCE = "set local lock_timeout = '2s';\n"
BUSY = (LockNotAvailable, DeadlockDetected)


@dataclass(frozen=True)
class Target:
    """Where tenants are to stand, and the SQL that takes one there from a revision."""

    revision: str
    script_from: Callable[[str], str]


@dataclass(frozen=True)
class Outcome:
    """What came of one tenant. `after` is `before` unless it was changed; `busy` asks for another try."""

    tenant: TenantContext
    before: str
    after: str
    seconds: float
    error: str = ""
    busy: bool = False

    @property
    def changed(self) -> bool:
        return self.after != self.before


def newest() -> Target:
    return Target(migrate.head("tenant"), lambda revision: migrate.script("tenant", revision))


def upgrade(database: Database, tenant: TenantContext, target: Target) -> Outcome:
    """Bring one tenant to the target; what goes wrong is in the outcome. Harmless to repeat, or to do twice at once."""
    begun, before = time.perf_counter(), ""
    try:
        with database.transaction(tenant) as session:
            (before,) = migrate.driver(session).execute(STANDS_AT).fetchone()
            if before != target.revision:
                migrate.run_script(session, PATIENCE + target.script_from(before))
            seconds = time.perf_counter() - begun
            migrate.note(session, tenant, target.revision, seconds=seconds)
    except Exception as error:
        # Whatever it is, it is this tenant's trouble alone.
        cause = error.orig if isinstance(error, DBAPIError) else error
        told = _told(tenant, cause)
        return Outcome(tenant, before, before, time.perf_counter() - begun, told, isinstance(cause, BUSY))
    return Outcome(tenant, before, target.revision, seconds)


def _told(tenant: TenantContext, cause: BaseException | None) -> str:
    if isinstance(cause, UndefinedTable) and "alembic_version" in str(cause):
        return f"the schema {tenant.schema} is not on the server {tenant.server}"
    return f"{type(cause).__name__}: {(str(cause).splitlines() or [''])[0]}"


def upgrade_all(
    database: Database,
    tenants: Sequence[TenantContext],
    *,
    workers: int = WORKERS,
    target: Target | None = None,
    tries: int = TRIES,
) -> Iterator[Outcome]:
    """Upgrade each tenant and yield its outcome, in the order in which they come to an end.

    Who is held up by somebody's lock comes again after the others, `tries` times in all.
    """
    target = target or newest()
    waiting = list(turns(tenants))
    with ThreadPoolExecutor(workers) as pool:
        for number in range(tries):
            again: list[TenantContext] = []
            futures = [pool.submit(upgrade, database, tenant, target) for tenant in waiting]
            for future in as_completed(futures):
                outcome = future.result()
                if outcome.busy and number < tries - 1:
                    again.append(outcome.tenant)
                    continue
                if outcome.error:
                    keep(database, outcome)
                yield replace(outcome, busy=False)
            if not again:
                return
            waiting = again
            threading.Event().wait(FIRST_PAUSE_SECONDS * 2**number)


def turns(tenants: Iterable[TenantContext]) -> Iterator[TenantContext]:
    """The servers' tenants by turns, so that all servers work."""
    by_server = sorted(tenants, key=lambda tenant: tenant.server)
    groups = [list(group) for _, group in groupby(by_server, key=lambda tenant: tenant.server)]
    return (tenant for tenant in chain.from_iterable(zip_longest(*groups)) if tenant is not None)


def keep(database: Database, outcome: Outcome) -> None:
    """Write a failure down where the tenant lies, if that can be reached."""
    try:
        with database.transaction(None, server=outcome.tenant.server) as session:
            migrate.note(session, outcome.tenant, outcome.before, seconds=outcome.seconds, error=outcome.error[:2000])
    except (DBAPIError, psycopg.Error, UnknownServer):
        return


@dataclass(frozen=True)
class Standing:
    """How many tenants of a server stand where this release wants them, and what went wrong with others."""

    server: str
    tenants: int
    by_revision: dict[str, int]
    errors: dict[str, str]
    """Per schema."""

    @property
    def behind(self) -> int:
        return self.tenants - self.by_revision.get(migrate.head("tenant"), 0)

    @property
    def summary(self) -> dict[str, int]:
        return {"behind": self.behind, "failed": len(self.errors)}


def is_behind(database: Database, tenant: TenantContext) -> bool:
    """Whether the tenant stands on an earlier revision than this release; False when that cannot be read."""
    try:
        with database.transaction(tenant) as session:
            found = session.scalar(text("select version_num from alembic_version"))
    except DBAPIError:
        return False
    return found != migrate.head("tenant") and found in migrate.revisions("tenant")


def standing(database: Database, server: str) -> Standing:
    """What the last rollouts left on a server. Raises when it or the directory cannot be reached."""
    with database.transaction(None) as directory:
        rows = directory.execute(select(Tenant.id, Tenant.schema_name).where(Tenant.server == server))
        schemas = {row.id: row.schema_name for row in rows}
    with database.transaction(None, server=server) as session:
        errors = select(TenantRevision.tenant_id, TenantRevision.error).where(TenantRevision.error.is_not(None))
        wrong = {schemas[row.tenant_id]: row.error for row in session.execute(errors) if row.tenant_id in schemas}
        return Standing(server, len(schemas), _by_revision(session), dict(sorted(wrong.items())))


def _by_revision(session: Session) -> dict[str, int]:
    counted = select(TenantRevision.revision, func.count()).group_by(TenantRevision.revision)
    return {row[0]: row[1] for row in session.execute(counted.order_by(TenantRevision.revision))}
