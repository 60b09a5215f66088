"""Keeping everybody from changing a schema that is being copied, whatever a process may still remember of it."""

from __future__ import annotations

import threading

from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shopbell.db import Database
from shopbell.http.doors import MOVING_STATE
from shopbell.tenancy import TenantContext
from tenants import contents

TRIES = 40
PAUSE_SECONDS = 0.25
NAME = "moving_away"
FUNCTION = f"""
create or replace function {NAME}() returns trigger language plpgsql as $$
begin raise exception 'this chain is being moved' using errcode = '{MOVING_STATE}'; end $$
"""


def close(database: Database, tenant: TenantContext) -> None:
    """Refuse changes from now on. Whoever had begun one has come to an end when this returns; reading goes on.

    Each table by itself: whoever holds one and waits for another is never waited for in a circle. Harmless to repeat.
    """
    with database.transaction(tenant) as session:
        session.execute(text(FUNCTION))
        names = [table.sql_name for table in contents.tables(session, tenant.schema)]
    for name in names:
        _patiently(
            database,
            tenant,
            f"create or replace trigger {NAME} before insert or update or delete or truncate on {name} "
            f"for each statement execute function {NAME}()",
        )


def open_again(database: Database, tenant: TenantContext) -> None:
    """Let changes in again, because the move did not take place. Harmless to repeat."""
    with database.transaction(tenant) as session:
        names = [table.sql_name for table in contents.tables(session, tenant.schema)]
    for name in names:
        _patiently(database, tenant, f"drop trigger if exists {NAME} on {name}")
    with database.transaction(tenant) as session:
        session.execute(text(f"drop function if exists {NAME}()"))


def _patiently(database: Database, tenant: TenantContext, statement: str) -> None:
    for number in range(TRIES):
        try:
            with database.transaction(tenant) as session:
                # Others wait behind a lock that is waited for.
                session.execute(text("set local lock_timeout = '2s'"))
                session.execute(text(statement))
            return
        except DBAPIError as error:
            if not isinstance(error.orig, LockNotAvailable | DeadlockDetected) or number == TRIES - 1:
                raise
            threading.Event().wait(PAUSE_SECONDS)
