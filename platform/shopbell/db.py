"""The database: base classes, tenant routing, and `transaction()` - the only place that commits.

Every transaction opens with `BEGIN; SET LOCAL search_path TO "<tenant>"` in one round trip. Tenant tables are written
unqualified, shared tables always as `shared.x`. The path of a transaction without a tenant names a schema that does not
exist, so a forgotten tenant fails instead of reading somebody's rows; `public` is never on the path.

Tenants may lie on several database servers. Each has its own `shared` schema for what a tenant's transaction writes
there (facts, due work); the directory of tenants is read on `main` alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import msgspec
from psycopg import Error as DriverError
from psycopg.errors import (
    CharacterNotInRepertoire,
    DataError,
    DatetimeFieldOverflow,
    DeadlockDetected,
    InFailedSqlTransaction,
    InvalidTextRepresentation,
    NumericValueOutOfRange,
    SerializationFailure,
    UntranslatableCharacter,
    error_from_result,
)
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from sqlalchemy import DateTime, MetaData, Table, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import UserDefinedType

from shopbell import savepoints
from shopbell.reach import Gate
from shopbell.settings import Settings
from shopbell.tenancy import MAIN, TenantContext, entered, tenant_or_none

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGconn, PGresult

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
        with entered(tenant), TenantSession(engine) as session:
            yield session
            session.commit()

    def dispose(self) -> None:
        for engine in self.engines.values():
            engine.dispose()


class TenantSession(Session):
    """The session of one transaction. Whatever needs its connection first takes one from the pool and sends BEGIN;
    SQLAlchemy's own transaction is made only for what goes through SQLAlchemy, which prepared statements do not."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.engine = engine
        self._pooled: PoolProxiedConnection | None = None
        self._connection: Connection | None = None

    @property
    def pooled(self) -> PoolProxiedConnection:
        """The connection, in the tenant's transaction."""
        if self._pooled is None:
            self._pooled = _taken(self.engine)
        return self._pooled

    def get_bind(self, *_what: Any, **_for: Any) -> Connection:
        """What SQLAlchemy sends this session's statements to: the same connection."""
        if self._connection is None:
            self._connection = Connection(self.engine, connection=self.pooled)
        return self._connection

    def begin_nested(self) -> SessionTransaction:
        """SQLAlchemy sends SAVEPOINT with the first statement that goes through it, and prepared ones do not."""
        nested = super().begin_nested()
        self.connection()
        return nested

    @property
    def listened(self) -> Connection | Engine:
        """Where listeners for this session's statements are registered."""
        return self._connection or self.engine

    def commit(self) -> None:
        """Commit what prepared statements wrote, too: where nothing else ran, SQLAlchemy knows of nothing to commit.

        Raises InFailedSqlTransaction when a statement failed and nobody said so.
        """
        if self._pooled is not None and _server(self._pooled).transaction_status == TransactionStatus.INERROR:
            # PostgreSQL answers such a COMMIT by rolling back, and neither the driver nor SQLAlchemy look at that.
            raise InFailedSqlTransaction("a statement failed, so nothing can be committed")
        self.flush()
        if self._connection is not None and self.in_transaction():
            super().commit()
        if self._pooled is not None:
            server = _server(self._pooled)
            if server.transaction_status != TransactionStatus.IDLE:
                done = _fine(server.exec_(b"COMMIT"))
                if done.command_status != b"COMMIT":
                    raise InFailedSqlTransaction("a statement failed, so nothing was committed")

    def close(self) -> None:
        """Give the connection back; the pool rolls back what was not committed."""
        if self._connection is not None or self.in_transaction():
            super().close()
        if self._connection is not None:
            self._connection.close()
        elif self._pooled is not None:
            self._pooled.close()
        self._connection = self._pooled = None


def use_up(session: Session) -> None:
    """Have the session's connection closed at the end, not given back: PostgreSQL looks through every plan that a
    connection has kept, such as those of foreign keys, for each table that is made, so a hundred tenants made on one
    take twice as long each."""
    if isinstance(session, TenantSession):
        session.pooled.detach()


def _engine(url: str, pool_size: int, application_name: str) -> Engine:
    savepoints.install()
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        # What people are called and how they are reached stands in parameters, and errors stand in logs.
        hide_parameters=True,
        json_serializer=_json,
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


def _json(value: Any) -> bytes | str:
    """What a column of JSON is sent: written by msgspec, which takes a tenth of json's time, but for what it refuses:
    halves of surrogate pairs, keys of other types."""
    try:
        return msgspec.json.encode(value)
    except (TypeError, UnicodeEncodeError):
        return json.dumps(value)


def table(model: type[DeclarativeBase]) -> Table:
    """A model's table, for Core statements."""
    return cast(Table, model.__table__)


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
    """SQLAlchemy's begin event. On a connection that a session has taken, the transaction has begun already."""
    if _server(connection.connection).transaction_status == TransactionStatus.INTRANS:
        return
    try:
        _begin(connection.connection)
    except DriverError:
        if not _is_broken(connection.connection):
            raise
        connection.invalidate()
        _begin(connection.connection)


def _taken(engine: Engine) -> PoolProxiedConnection:
    pooled = engine.raw_connection()
    try:
        _begin(pooled)
    except DriverError:
        if not _is_broken(pooled):
            raise
        # The server was restarted since this connection was used last. Nothing has happened on it yet: take a new one.
        pooled.invalidate()
        pooled = engine.raw_connection()
        _begin(pooled)
    return pooled


def _begin(pooled: PoolProxiedConnection) -> None:
    tenant = tenant_or_none()
    schema = tenant.schema if tenant else NOWHERE
    if not SCHEMA_NAME.fullmatch(schema):
        raise ValueError(f"not a schema name: {schema!r}")
    _fine(_server(pooled).exec_(f'BEGIN; SET LOCAL search_path TO "{schema}"'.encode()))


def _server(pooled: PoolProxiedConnection) -> PGconn:
    return cast("psycopg.Connection[Any]", pooled.dbapi_connection).pgconn


def _is_broken(pooled: PoolProxiedConnection) -> bool:
    return _server(pooled).status != ConnStatus.OK


def _fine(result: PGresult) -> PGresult:
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)
    return result
