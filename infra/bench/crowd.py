"""Many chains on the stage, made once and shared by the benchmarks that need them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from blueprints.registry import seeders
from infra.bench.stage import Stage
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from tenants import provisioning
from tenants.provisioning import NewTenant
from tenants.resolve import Directory

PREFIX = "crowd-"
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
