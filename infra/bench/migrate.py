"""One nullable column over many chains, against one Alembic upgrade per schema and against django-tenants."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from sqlalchemy import text

from infra.bench.crowd import crowd
from infra.bench.django_peer import beside
from infra.bench.measure import Measurement
from infra.bench.stage import Stage
from shopbell.db import Database
from shopbell.tenancy import TenantContext, entered
from tenants import migrate as migrations
from tenants import rollout
from tenants.rollout import Target

NEXT = "9999"
REVISION = f'''"""one more column"""
from alembic import op
import sqlalchemy as sa
revision = "{NEXT}"
down_revision = "{{head}}"
branch_labels = depends_on = None
def upgrade():
    op.execute("set local lock_timeout = '2s'")
    op.add_column("customers", sa.Column("later", sa.String(), nullable=True))
'''
ROUNDS = 3


def migrate(stage: Stage) -> Measurement:
    """The largest size counts; the detail says how time grows with the number of chains, and what the peer took."""
    times: dict[int, tuple[float, float]] = {}
    for size in stage.sizes:
        times[size] = compared(stage.database, crowd(stage, size))
    size, (ours, alembic) = max(times.items())
    per_tenant = ", ".join(f"{count}: {seconds / count * 1000:.2f}" for count, (seconds, _) in times.items())
    ratio = alembic / ours
    detail = f"{size} chains; ms each at {per_tenant}; {beside(ours / size, lambda peer: peer.migrate, 's each', size)}"
    return Measurement("migrate", ours, "s", alembic, ratio, "Alembic per schema / ours >= 30", ratio >= 30, detail)


def compared(database: Database, tenants: Sequence[TenantContext]) -> tuple[float, float]:
    """Medians of (ours, one Alembic upgrade per schema) in seconds, by turns."""
    pairs = []
    for _ in range(ROUNDS):
        with one_more_revision() as tree:
            pairs.append((ours(database, tenants, tree), alembic_each(database, tenants, tree)))
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def ours(database: Database, tenants: Sequence[TenantContext], tree: str) -> float:
    """Rendering included: each round has a tree that was not rendered yet."""
    begun = time.perf_counter()
    target = Target(NEXT, lambda revision: migrations.script(tree, revision, NEXT))
    target.script_from(migrations.head("tenant"))
    failed = [done.error for done in rollout.upgrade_all(database, tenants, target=target) if done.error]
    taken = time.perf_counter() - begun
    if failed:
        raise RuntimeError(failed[0])
    undo(database, tenants)
    return taken


def alembic_each(database: Database, tenants: Sequence[TenantContext], tree: str) -> float:
    begun = time.perf_counter()
    for tenant in tenants:
        with entered(tenant), database.engine.connect() as connection, connection.begin():
            command.upgrade(migrations.configuration(tree, connection=connection), NEXT)
    taken = time.perf_counter() - begun
    undo(database, tenants)
    return taken


def undo(database: Database, tenants: Sequence[TenantContext]) -> None:
    for tenant in tenants:
        with database.transaction(tenant) as session:
            session.execute(text("alter table customers drop column later"))
            session.execute(text("update alembic_version set version_num = :head"), {"head": migrations.head("tenant")})


@contextmanager
def one_more_revision() -> Iterator[str]:
    """A copy of the tenants' tree with a revision that no release has."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tenant"
        shutil.copytree(migrations.TREES / "tenant", tree, ignore=shutil.ignore_patterns("__pycache__"))
        (tree / "versions" / f"{NEXT}_one_more_column.py").write_text(REVISION.format(head=migrations.head("tenant")))
        yield str(tree)
