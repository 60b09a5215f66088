"""A real database, built by the real migrations, in which every test's work is rolled back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shopbell.db import NOWHERE, Database
from shopbell.tenancy import MAIN, TenantContext, entered


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """A new database on the server of `url`, dropped at the end."""
    name = f"shopbell_test_{secrets.token_hex(4)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'drop database "{name}" with (force)'))
        server.dispose()


class RolledBackDatabase(Database):
    """Transactions become savepoints of one outer transaction on one connection, which the test rolls back.

    Each enters its tenant's schema and leaves it again, so that they may follow one another or nest.
    """

    def __init__(self, database: Database, connection: Connection) -> None:
        self.engines = database.engines
        self.engine = database.engine
        self.connection = connection

    @contextmanager
    def transaction(self, tenant: TenantContext | None, *, server: str = MAIN) -> Iterator[Session]:
        with entered(tenant), self.joining_session() as session:
            session.execute(text("select 1"))
            with self.path(tenant.schema if tenant else NOWHERE):
                try:
                    yield session
                    session.commit()
                except BaseException:
                    session.rollback()
                    raise

    def joining_session(self) -> Session:
        return Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    @contextmanager
    def path(self, schema: str) -> Iterator[None]:
        before = self.connection.exec_driver_sql("show search_path").scalar_one()
        self.connection.exec_driver_sql(f'set local search_path to "{schema}"')
        try:
            yield
        finally:
            self.connection.exec_driver_sql(f"set local search_path to {before}")


@contextmanager
def rolled_back(database: Database) -> Iterator[RolledBackDatabase]:
    with entered(None), database.engine.connect() as connection:
        outer = connection.begin()
        try:
            yield RolledBackDatabase(database, connection)
        finally:
            outer.rollback()
