"""The database: base classes, tenant routing, and `transaction()` - the only place that commits.

Every transaction opens with `BEGIN; SET LOCAL search_path TO "<tenant>"` in one round trip. Tenant tables are written
unqualified, shared tables always as `shared.x`. The path of a transaction without a tenant names a schema that does not
exist, so a forgotten tenant fails instead of reading somebody's rows; `public` is never on the path.
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

from shopbell.settings import Settings
from shopbell.tenancy import TenantContext, entered, tenant_or_none

NOWHERE = "no_tenant"
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


class Database:
    """An engine with tenant routing. One per process."""

    def __init__(self, url: str, *, pool_size: int = 4, application_name: str = "shopbell") -> None:
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            # A backend keeps about 22 KB for every table of every tenant it has seen: recycling gives it back.
            pool_recycle=600,
            # The begin hook below sends BEGIN itself, so the driver must not send a second one; its commit() and
            # rollback() look at the connection's real state and work in this mode too.
            connect_args={"autocommit": True, "prepare_threshold": None, "application_name": application_name},
        )
        event.listen(self.engine, "begin", _route)

    @staticmethod
    def from_settings(settings: Settings, application_name: str = "shopbell") -> Database:
        return Database(settings.database_url, pool_size=settings.pool_size, application_name=application_name)

    @contextmanager
    def transaction(self, tenant: TenantContext | None) -> Iterator[Session]:
        """One transaction for one tenant (or for none: shared tables only). Commits at the end, rolls back on error."""
        with entered(tenant), Session(self.engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def dispose(self) -> None:
        self.engine.dispose()


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
    _driver(connection).execute(f'BEGIN; SET LOCAL search_path TO "{schema}"')


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection
