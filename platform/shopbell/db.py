"""The database: base classes, tenant routing, and `transaction()` - the only place that commits.

Every transaction opens with `BEGIN; SET LOCAL search_path TO "<tenant>"` in one round trip. Tenant tables are written
unqualified, shared tables always as `shared.x`. The path of a transaction without a tenant names a schema that does not
exist, so a forgotten tenant fails instead of reading somebody's rows; `public` is never on the path.

Tenants may lie on several database servers. Each has its own `shared` schema for what a tenant's transaction writes
there (facts, due work); the directory of tenants is read on `main` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from psycopg.errors import (
    CharacterNotInRepertoire,
    DataError,
    DatetimeFieldOverflow,
    DeadlockDetected,
    InvalidTextRepresentation,
    NumericValueOutOfRange,
    OperationalError,
    SerializationFailure,
    UntranslatableCharacter,
)
from sqlalchemy import DateTime, MetaData, Table, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.engine import Connection, Engine, Result
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import UserDefinedType

from shopbell.reach import Gate
from shopbell.settings import Settings
from shopbell.tenancy import MAIN, TenantContext, entered, tenant_or_none

NOWHERE = "no_tenant"
CONNECT_SECONDS = 5
UNSTORABLE = (
    CharacterNotInRepertoire,
    DatetimeFieldOverflow,
    InvalidTextRepresentation,
    NumericValueOutOfRange,
    UntranslatableCharacter,
)
"""Besides these the driver itself refuses a NUL, with a bare DataError."""
SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
TYPES: dict[Any, Any] = {
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB(none_as_null=True),
    dict[str, str]: JSONB,
}


class Xid8(UserDefinedType[str]):
    """A transaction id: 64 bits, never wraps; text in Python."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


# Reflection, which the drift check uses, then knows the type too.
ischema_names["xid8"] = Xid8


class TenantBase(DeclarativeBase):
    """Tables that exist once per tenant, in the tenant's own schema."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


class SharedBase(DeclarativeBase):
    """Tables that exist once, in the schema `shared`."""

    metadata = MetaData(schema="shared", naming_convention=NAMES)
    type_annotation_map = TYPES


class UnknownServer(LookupError):
    """A tenant lies on a database server that SHOPBELL_DATABASES does not name."""


class Database:
    """An engine with tenant routing for every database server, by its name. One of these per process."""

    def __init__(
        self,
        url: str,
        *,
        others: Mapping[str, str] | None = None,
        pool_size: int = 4,
        application_name: str = "shopbell",
    ) -> None:
        urls = {MAIN: url, **(others or {})}
        self.engines = {name: _engine(at, pool_size, application_name) for name, at in urls.items()}
        self.engine = self.engines[MAIN]

    @staticmethod
    def from_settings(settings: Settings, application_name: str = "shopbell") -> Database:
        return Database(
            settings.database_url,
            others=dict(settings.databases),
            pool_size=settings.pool_size,
            application_name=application_name,
        )

    @property
    def servers(self) -> tuple[str, ...]:
        """The names of the database servers, `main` first."""
        return tuple(self.engines)

    def engine_of(self, server: str) -> Engine:
        """Raises UnknownServer."""
        try:
            return self.engines[server]
        except KeyError:
            raise UnknownServer(f"SHOPBELL_DATABASES names no database server {server!r}") from None

    @contextmanager
    def transaction(self, tenant: TenantContext | None, *, server: str = MAIN) -> Iterator[Session]:
        """One transaction for one tenant, on its server; or for none, with the shared tables of `server` only.

        Commits at the end, rolls back on error.
        """
        engine = self.engine_of(tenant.server if tenant else server)
        with entered(tenant), Session(engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def dispose(self) -> None:
        for engine in self.engines.values():
            engine.dispose()


def _engine(url: str, pool_size: int, application_name: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        # A backend keeps about 22 KB for every table of every tenant it has seen: recycling gives it back.
        pool_recycle=600,
        # The begin hook below sends BEGIN itself, so the driver must not send a second one; its commit() and
        # rollback() look at the connection's real state and work in this mode too.
        connect_args={
            "autocommit": True,
            "prepare_threshold": None,
            "application_name": application_name,
            "connect_timeout": CONNECT_SECONDS,
        },
    )
    event.listen(engine, "do_connect", Gate())
    event.listen(engine, "begin", _route)
    return engine


def table(model: type[DeclarativeBase]) -> Table:
    """A model's table, for Core statements."""
    return cast(Table, model.__table__)


Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def run(session: Session, statement: Executable, values: Values) -> Result[Any]:
    """Execute a Core statement that was built once, in the session's transaction and past the unit of work.

    For hot paths: building a statement and passing it through the ORM costs more than PostgreSQL takes to run it.
    """
    return session.connection().execute(statement, values)


def is_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL ended the transaction to free another: the whole of it may simply be done again.

    Two appointments that move into each other's place at the same moment are such a case.
    """
    return isinstance(error, DBAPIError) and isinstance(error.orig, DeadlockDetected | SerializationFailure)


def is_unstorable(error: BaseException) -> bool:
    """Whether PostgreSQL has no way to keep a value that was sent: a NUL or half a surrogate pair in a text, a number
    or a date beyond its type."""
    if isinstance(error, UnicodeEncodeError):
        return True
    return isinstance(error, DBAPIError) and (isinstance(error.orig, UNSTORABLE) or type(error.orig) is DataError)


def _route(connection: Connection) -> None:
    tenant = tenant_or_none()
    schema = tenant.schema if tenant else NOWHERE
    if not SCHEMA_NAME.fullmatch(schema):
        raise ValueError(f"not a schema name: {schema!r}")
    begin = f'BEGIN; SET LOCAL search_path TO "{schema}"'
    try:
        _driver(connection).execute(begin)
    except OperationalError:
        if not _driver(connection).closed:
            raise
        # The server was restarted since this connection was used last. Nothing has happened on it yet: take a new one.
        connection.invalidate()
        _driver(connection).execute(begin)


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection
