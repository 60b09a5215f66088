"""Many chains on the stage, made once and shared by the benchmarks that need them."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from blueprints.registry import seeders
from infra.bench.django_peer import beside
from infra.bench.measure import Measurement
from infra.bench.stage import Stage
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from tenants import provisioning
from tenants.provisioning import NewTenant
from tenants.resolve import Directory

PREFIX = "crowd-"
DISK = """
    select sum(pg_relation_size(classes.oid)) / count(distinct schemas.oid)
      from pg_class as classes join pg_namespace as schemas on schemas.oid = classes.relnamespace
     where classes.relkind in ('r', 'i', 't') and schemas.nspname like 't\\_crowd%'
"""
BACKENDS = """
    select pid from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'
"""


def crowd(stage: Stage, size: int) -> list[TenantContext]:
    """So many chains with their trade's catalogue; missing ones are made, two at a time."""
    there = [tenant for tenant in Directory(stage.database).all() if tenant.slug.startswith(PREFIX)]

    def make(number: int) -> TenantContext:
        new = NewTenant(f"{PREFIX}{number:05d}", f"Crowd {number}", "optical", "zh-CN")
        return provisioning.create(stage.database, new, base_domain="localhost", seeders=seeders())

    with ThreadPoolExecutor(2) as pool:
        there += pool.map(make, range(len(there), size))
    return there[:size]


def chains(stage: Stage) -> Measurement:
    """All the chains that the other benchmarks of many chains need, each with its trade's catalogue."""
    told, each = [], 0.0
    for size in stage.sizes:
        before = len(Directory(stage.database).all())
        begun = time.perf_counter()
        crowd(stage, size)
        taken, made = time.perf_counter() - begun, len(Directory(stage.database).all()) - before
        each = taken / made
        told.append(f"{size}: {each * 1000:.0f} ms each, {disk(stage.database) / 2**20:.2f} MB each")
    detail = "; ".join((*told, beside(each, lambda peer: peer.create, "s each", stage.sizes[-1])))
    return Measurement("chains", each, "s", 0.5, each / 0.5, "< 0.5 s each, <= 6 MB", each < 0.5, detail)


def disk(database: Database) -> float:
    """Bytes per schema of a chain."""
    with database.transaction(None) as session:
        return float(session.scalar(text(DISK)) or 0)


def backends(database: Database) -> tuple[int, float]:
    """How many PostgreSQL processes serve the stage's database, and their own memory in MB (anonymous, resident)."""
    with database.transaction(None) as session:
        pids = session.scalars(text(BACKENDS)).all()
    sizes = [_anonymous_kilobytes(pid) for pid in pids]
    return len(sizes), sum(sizes) / 1024


def _anonymous_kilobytes(pid: int) -> int:
    """Zero when the process is gone, or runs on another machine."""
    status = Path("/proc") / str(pid) / "status"
    if not os.access(status, os.R_OK):
        return 0
    found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("RssAnon:")]
    return int(found[0]) if found else 0
