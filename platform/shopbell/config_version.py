"""When a tenant's configuration last changed, as a value that never comes back.

Statement triggers on the configuration tables write a fresh random value, so that what a process remembers of branches,
services or rosters is known to be current by comparing one value, on every path that may change them. Random rather
than counted: a number given out by a transaction that rolls back would be given out again for something else.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell.db import TenantBase
from shopbell.prepared import Prepared


class ConfigVersion(TenantBase):
    __tablename__ = "config_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


PRESENT = Prepared(select(ConfigVersion.version))


def config_version(session: Session) -> UUID:
    [(version,)] = PRESENT.run(session, {})
    found: UUID = version
    return found


def trigger_statements(tables: tuple[str, ...]) -> list[str]:
    """DDL for a migration: the trigger function and one statement trigger per table."""
    function = (
        "create function touch_config_version() returns trigger language plpgsql as "
        "$$ begin update config_version set version = gen_random_uuid(); return null; end $$"
    )
    triggers = [
        f"create trigger touch_config_version after insert or update or delete or truncate on {table} "
        "for each statement execute function touch_config_version()"
        for table in tables
    ]
    return [function, "insert into config_version (id) values (1)", *triggers]
