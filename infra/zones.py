"""Whether Python's and PostgreSQL's time zones agree, for the zones that branches use."""

from __future__ import annotations

from collections.abc import Iterable

from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.db import Database
from shopbell.tenancy import MAIN, TenantContext

WELL_KNOWN = ("America/Vancouver", "America/Edmonton", "Africa/Casablanca", "Asia/Shanghai", "Asia/Ho_Chi_Minh")


def zones_in_use(database: Database, tenants: Iterable[TenantContext]) -> set[str]:
    """Every zone of every branch of the tenants."""
    found: set[str] = set()
    for tenant in tenants:
        found.add(tenant.time_zone)
        with database.transaction(tenant) as session:
            found.update(branch.time_zone for branch in catalog.branches(session))
    return found


def warnings(database: Database, tenants: Iterable[TenantContext]) -> list[str]:
    """A sentence per zone whose offset a tenant's PostgreSQL knows differently.

    The product computes with Python's, so these matter to reports written in SQL and to whoever reads the database by
    hand.
    """
    by_server: dict[str, list[TenantContext]] = {MAIN: []}
    for tenant in tenants:
        by_server.setdefault(tenant.server, []).append(tenant)
    return [sentence for server, lying in by_server.items() for sentence in _of_server(database, server, lying)]


def _of_server(database: Database, server: str, tenants: Iterable[TenantContext]) -> list[str]:
    names = {*WELL_KNOWN, *zones_in_use(database, tenants)}
    with database.transaction(None, server=server) as session:
        different = clock.zones_that_disagree(session.connection(), names)
    return [
        f"Time zones: PostgreSQL's data on {server} is out of date for {found.zone} (from {found.instant:%Y-%m-%d}); "
        f"Shopbell computes with its own ({_offset(found.python_offset)}) and is not affected."
        for found in different
    ]


def _offset(offset: object) -> str:
    seconds = int(getattr(offset, "total_seconds", lambda: 0)())
    sign, minutes = ("-" if seconds < 0 else "+"), abs(seconds) // 60
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"
