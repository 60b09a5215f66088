"""One release's migrations over every tenant: a batch of them in one transaction, several batches at a time.

What has to be run is rendered once per revision that tenants stand on. Where a batch fails, each of its tenants is
taken by itself: one that cannot be upgraded keeps what it had and stops nobody else, and running the rollout again
takes up whoever is left. Where each stands is its own `alembic_version`; `shared.tenant_revisions` on its server says
what came of the last attempt.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import groupby

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable, UndefinedTable
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shopbell.db import Database, UnknownServer
from shopbell.tenancy import TenantContext
from tenants import migrate
from tenants.models import Tenant, TenantRevision

log = logging.getLogger(__name__)

WORKERS = 2
TRIES = 5
FIRST_PAUSE_SECONDS = 0.25
STANDS_AT = "select version_num from alembic_version for update"
# The tenant's own statements wait behind a lock that is waited for: better to give way and come back.
PATIENCE = "set local lock_timeout = '2s';\n"
# A batch holds the locks of the tenants before while it waits for the next one's, so it gives way sooner.
HASTE = "set local lock_timeout = '100ms';\n"
LARGEST_BATCH = 50
BATCH_SECONDS = 0.2
"""How long the tenants of a batch may be kept waiting: it is made smaller or larger until it takes about that."""
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


def upgrade_together(database: Database, tenants: Sequence[TenantContext], target: Target) -> list[Outcome]:
    """Bring tenants of one server to the target in one transaction. Raises when anything is wrong with one of them."""
    begun = time.perf_counter()
    with database.transaction(None, server=tenants[0].server) as session:
        connection = migrate.driver(session)
        # Always in the same order, as another rollout may be doing the same.
        tenants = sorted(tenants, key=lambda tenant: tenant.schema)
        asked = connection.execute("".join(f"{_inside(tenant)}{STANDS_AT};\n" for tenant in tenants))
        before = [row[0] for row in _rows(asked)]
        pairs = list(zip(tenants, before, strict=True))
        scripts = [
            HASTE + _inside(tenant) + target.script_from(stands_at).replace(PATIENCE, HASTE)
            for tenant, stands_at in pairs
            if stands_at != target.revision
        ]
        migrate.run_script(session, "\n;\n".join(scripts))
        seconds = (time.perf_counter() - begun) / len(tenants)
        migrate.note_all(session, tenants, target.revision, seconds=seconds)
    return [Outcome(tenant, stands_at, target.revision, seconds) for tenant, stands_at in pairs]


def _inside(tenant: TenantContext) -> str:
    return f'set local search_path to "{tenant.schema}";\n'


def _rows(cursor: psycopg.Cursor[tuple[str]]) -> Iterator[tuple[str]]:
    """What each of several statements in one round trip selected."""
    while True:
        if cursor.description:
            yield from cursor.fetchall()
        if not cursor.nextset():
            return


@dataclass(frozen=True)
class Batch:
    """What came of some tenants of one server, and of how many the next batch should be."""

    outcomes: list[Outcome]
    next_size: int


def upgrade_batch(database: Database, tenants: Sequence[TenantContext], target: Target) -> Batch:
    """Together where that works, or else each by itself."""
    size = len(tenants)
    if size > 1:
        begun = time.perf_counter()
        try:
            outcomes = upgrade_together(database, tenants, target)
        except Exception as error:
            log.info("%s tenants could not be upgraded together: %s", size, error)
            return Batch([upgrade(database, tenant, target) for tenant in tenants], max(size // 4, 1))
        return Batch(outcomes, _fitting(size, time.perf_counter() - begun))
    done = upgrade(database, tenants[0], target)
    return Batch([done], 1 if done.error else _fitting(size, done.seconds))


def _fitting(size: int, seconds: float) -> int:
    """At most four times as many as before, so that the first slow one is met in small company."""
    return max(min(int(size * BATCH_SECONDS / max(seconds, 0.001)), size * 4, LARGEST_BATCH), 1)


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
    waiting: Sequence[TenantContext] = tenants
    with ThreadPoolExecutor(workers) as pool:
        for number in range(tries):
            again: list[TenantContext] = []
            for outcome in _batches(pool, workers, database, waiting, target):
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


def _batches(
    pool: ThreadPoolExecutor, workers: int, database: Database, tenants: Sequence[TenantContext], target: Target
) -> Iterator[Outcome]:
    waiting = Turns(tenants)
    running: set[Future[Batch]] = set()
    size = 1
    while waiting or running:
        while waiting and len(running) < workers:
            running.add(pool.submit(upgrade_batch, database, waiting.take(size), target))
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for batch in (future.result() for future in done):
            size = batch.next_size
            yield from batch.outcomes


class Turns:
    """Tenants that wait, by server; the servers are served by turns, so that all of them work."""

    def __init__(self, tenants: Iterable[TenantContext]) -> None:
        by_server = sorted(tenants, key=lambda tenant: tenant.server)
        self._servers = deque(deque(group) for _, group in groupby(by_server, key=lambda tenant: tenant.server))

    def __bool__(self) -> bool:
        return bool(self._servers)

    def take(self, size: int) -> list[TenantContext]:
        """Up to so many tenants of the server whose turn it is."""
        server = self._servers.popleft()
        taken = [server.popleft() for _ in range(min(size, len(server)))]
        if server:
            self._servers.append(server)
        return taken


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
