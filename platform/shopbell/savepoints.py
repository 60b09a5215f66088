"""Savepoints past SQLAlchemy's compiler, which takes the text of each anew: that costs several times what setting one
does."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError


class Dialect(PGDialect_psycopg):
    """SQLAlchemy's own in everything else. Whoever listens for statements does not hear of savepoints."""

    supports_statement_cache = True

    def do_savepoint(self, connection: Connection, name: str) -> None:
        _send(connection, f"SAVEPOINT {name}")

    def do_rollback_to_savepoint(self, connection: Connection, name: str) -> None:
        _send(connection, f"ROLLBACK TO SAVEPOINT {name}")

    def do_release_savepoint(self, connection: Connection, name: str) -> None:
        _send(connection, f"RELEASE SAVEPOINT {name}")


def install() -> None:
    """Have every address that says postgresql+psycopg spoken to like this from now on."""
    registry.register("postgresql.psycopg", __name__, "Dialect")


def _send(connection: Connection, statement: str) -> None:
    driver: Any = connection.connection.dbapi_connection
    try:
        result = driver.pgconn.exec_(statement.encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise error_from_result(result)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, {}, error, psycopg.Error) from error
