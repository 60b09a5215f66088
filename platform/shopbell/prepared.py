"""Statements for hot paths: built and compiled once, prepared once per connection, and run by the driver itself.

Passing a Core statement through SQLAlchemy takes several times longer than PostgreSQL takes to run it, and PostgreSQL
spends half of its own time on planning. Everything that is not hot goes through the session, as usual.

A statement's name is made of its text: whoever shares a server connection with us, through PgBouncer say, can never
mean another statement by the same name. See decision 16.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, DateTime, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, PGDialect_psycopg
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeEngine

from shopbell.db import TenantSession

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult


class Compiler(PGCompiler_psycopg):
    """Writes into the text what is the same in every run. As parameters a LIMIT and the like would make PostgreSQL
    think that the plan for any values is a poor one, and plan each run anew."""

    def visit_bindparam(self, bindparam: BindParameter[Any], *args: Any, **options: Any) -> str:
        if bindparam.unique and bindparam.value is not None:
            options["literal_binds"] = True
        return super().visit_bindparam(bindparam, *args, **options)  # type: ignore[no-untyped-call, no-any-return]


DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
DIALECT.statement_compiler = Compiler
FINE = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
LANE = "shopbell.lane"

Row = tuple[Any, ...]
Process = Callable[[Any], Any]


class Prepared:
    """A Core statement that is run again and again; as with Core, the names of the values say which columns to set."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._texts: dict[tuple[str, ...], Text] = {}

    def run(self, session: Session, values: Mapping[str, Any]) -> list[Row]:
        """Execute it in the session's transaction, past the unit of work. Returns the rows, if it has any.

        Raises DBAPIError, as the session would.
        """
        names = tuple(values)
        text = self._texts.get(names)
        if text is None:
            text = self._texts[names] = Text(self._statement, names)
        pooled, listened = session_parts(session)
        if listened.dispatch.before_cursor_execute:
            told = (session.connection(), None, text.sql.decode(), values, None, False)
            listened.dispatch.before_cursor_execute(*told)
        try:
            return lane(pooled).run(text, values)
        except psycopg.Error as error:
            sql = text.sql.decode()
            raise DBAPIError.instance(sql, dict(values), error, psycopg.Error, hide_parameters=True) from error


class Text:
    """What the driver needs of a statement: its SQL, and how to get the parameters out of named values."""

    def __init__(self, statement: ClauseElement, names: Sequence[str]) -> None:
        compiled: Any = statement.compile(dialect=DIALECT, column_keys=list(names))
        self.sql = str(compiled).encode()
        self.name = f"s_{hashlib.sha256(self.sql).hexdigest()[:32]}".encode()
        processors = compiled._bind_processors
        kinds = [(name, compiled.binds[name].type) for name in compiled.positiontup]
        self.slots = [(name, _written(kind, processors.get(name))) for name, kind in kinds]
        self.usual = {name: value for name, value in compiled.params.items() if name not in names}
        self.formats = [_format(kind) for _name, kind in kinds]

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        values = {**self.usual, **values}
        return [values[name] if process is None else process(values[name]) for name, process in self.slots]


def _format(kind: TypeEngine[Any]) -> PyFormat:
    """How a value travels: an instant as a number, which takes a fifth of the time that its text does to be written."""
    return PyFormat.BINARY if isinstance(kind, DateTime) and kind.timezone else PyFormat.TEXT


def _written(kind: TypeEngine[Any], process: Process | None) -> Process | None:
    """How a value is made ready: documents and lists of ids as text at once, for which psycopg takes far longer."""
    if isinstance(kind, JSONB) and process is not None:
        return lambda value: _document(process(value))
    if isinstance(kind, ARRAY) and isinstance(kind.item_type, Uuid):
        return _ids
    return process


def _document(wrapped: Jsonb | None) -> str | None:
    if wrapped is None:
        return None
    try:
        return msgspec.json.encode(wrapped.obj).decode()
    except TypeError:
        return json.dumps(wrapped.obj)


def _ids(values: Iterable[UUID] | None) -> str | None:
    return None if values is None else f"{{{','.join([value.hex for value in values])}}}"


class Lane:
    """What one connection to the database has prepared, and how values travel on it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.server = connection.pgconn
        self.transformer = Transformer(connection)
        self.known: set[bytes] = set()

    def run(self, text: Text, values: Mapping[str, Any]) -> list[Row]:
        transformer = self.transformer
        parameters: Any = transformer.dump_sequence(text.parameters(values), text.formats)
        if text.name not in self.known:
            checked(self.server.prepare(text.name, text.sql))
            self.known.add(text.name)
        result = checked(self.server.exec_prepared(text.name, parameters, transformer.formats))
        if not result.ntuples:
            return []
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)


def checked(result: PGresult) -> PGresult:
    """The result, unless it is an error: that is raised."""
    if result.status not in FINE:
        raise error_from_result(result)
    return result


def session_parts(session: Session) -> tuple[PoolProxiedConnection, Connection | Engine]:
    """The session's connection, in its transaction, and where listeners for statements are registered."""
    if isinstance(session, TenantSession):
        return session.pooled, session.listened
    connection = session.connection()
    return connection.connection, connection


def lane(pooled: PoolProxiedConnection) -> Lane:
    found: Lane | None = pooled.info.get(LANE)
    if found is None:
        driver: Any = pooled.dbapi_connection
        found = pooled.info[LANE] = Lane(driver)
    return found
