"""Whether Python's and PostgreSQL's time zones agree, for the zones that branches use."""

from __future__ import annotations

from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.db import Database
from tenants.resolve import Directory

WELL_KNOWN = ("America/Vancouver", "America/Edmonton", "Africa/Casablanca", "Asia/Shanghai", "Asia/Ho_Chi_Minh")


def zones_in_use(database: Database) -> set[str]:
    """Every zone of every branch of every tenant."""
    found: set[str] = set()
    for tenant in Directory(database).all():
        found.add(tenant.time_zone)
        with database.transaction(tenant) as session:
            found.update(branch.time_zone for branch in catalog.branches(session))
    return found


def warnings(database: Database) -> list[str]:
    """A sentence per zone whose offset PostgreSQL knows differently. The product computes with Python's, so these
    matter to reports written in SQL and to whoever reads the database by hand."""
    names = {*WELL_KNOWN, *zones_in_use(database)}
    with database.transaction(None) as session:
        different = clock.zones_that_disagree(session.connection(), names)
    return [
        f"Time zones: PostgreSQL's data is out of date for {found.zone} (from {found.instant:%Y-%m-%d}); "
        f"Shopbell computes with its own ({_offset(found.python_offset)}) and is not affected."
        for found in different
    ]


def _offset(offset: object) -> str:
    seconds = int(getattr(offset, "total_seconds", lambda: 0)())
    sign, minutes = ("-" if seconds < 0 else "+"), abs(seconds) // 60
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"
