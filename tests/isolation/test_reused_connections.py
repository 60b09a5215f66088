"""A connection that failed one chain serves the next as if nothing had been: a pool of one, and every way to fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from psycopg.errors import InFailedSqlTransaction
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shopbell.db import NOWHERE, Database, TenantSession
from shopbell.tenancy import TenantContext, entered

STATE = (
    "select current_setting('search_path'), current_setting('statement_timeout'), "
    "nullif(current_setting('app.mark', true), ''), "
    "to_regclass('pg_temp.left_behind'), pg_try_advisory_xact_lock(41), "
    "(select count(*) from pg_cursors where name = 'lying'), (select count(*) from branches)"
)


@pytest.fixture
def one(migrated: str, shops) -> Iterator[Database]:
    """A database with one connection for everybody."""
    database = Database(migrated, pool_size=1)
    database.engine.pool._max_overflow = 0  # type: ignore[attr-defined]
    yield database
    database.dispose()


def state(database: Database, tenant: TenantContext) -> tuple[object, ...]:
    """What the connection knows when a chain has just entered it."""
    with database.transaction(tenant) as session:
        return tuple(session.execute(text(STATE)).one())


def litter(session: Session) -> None:
    """Everything that a transaction can leave lying about."""
    for statement in (
        "set local statement_timeout = '7s'",
        "set local app.mark = 'theirs'",
        "create temporary table left_behind (a int) on commit drop",
        "select pg_advisory_xact_lock(41)",
        "declare lying cursor for select 1",
        "update branches set position = 77",
        "lock table branches in exclusive mode",
    ):
        session.execute(text(statement))


def stumble(session: Session) -> None:
    session.execute(text("select 1 / 0"))


def time_out(session: Session) -> None:
    session.execute(text("set local statement_timeout = '20ms'"))
    session.execute(text("select pg_sleep(5)"))


def break_a_rule(session: Session) -> None:
    session.execute(text("insert into branches (id) values (null)"))


def raise_something(_session: Session) -> None:
    raise KeyError("ours")


def be_killed(session: Session) -> None:
    session.execute(text("select pg_terminate_backend(pg_backend_pid())"))


def hide_the_error(session: Session) -> None:
    """The statement failed, and the code goes on as if it had not."""
    with pytest.raises(DBAPIError):
        session.execute(text("select 1 / 0"))


def fail_in_a_savepoint(session: Session) -> None:
    with session.begin_nested():
        stumble(session)


def fail_while_reading(session: Session) -> None:
    rows = session.execute(text("select 1 / (3 - n) from generate_series(1, 100000) n").execution_options(yield_per=1))
    list(rows)


FAILURES = (DBAPIError, InFailedSqlTransaction, KeyError)
WAYS = [
    stumble,
    time_out,
    break_a_rule,
    raise_something,
    be_killed,
    hide_the_error,
    fail_in_a_savepoint,
    fail_while_reading,
]


def spoil(database: Database, tenant: TenantContext, fail: Callable[[Session], None]) -> None:
    with database.transaction(tenant) as session:
        litter(session)
        fail(session)


@pytest.mark.parametrize("fail", WAYS, ids=lambda way: way.__name__)
def test_the_next_chain_finds_nothing_of_a_failure(one, tenant, other_tenant, fail):
    untouched, theirs = state(one, other_tenant), state(one, tenant)
    for _ in range(2):
        with pytest.raises(FAILURES):
            spoil(one, tenant, fail)
        assert state(one, other_tenant) == untouched
        assert state(one, tenant) == theirs
    assert untouched[0] == f'"{other_tenant.schema}"' or untouched[0] == other_tenant.schema


@pytest.mark.parametrize("fail", WAYS, ids=lambda way: way.__name__)
def test_nobody_stands_nowhere_after_a_failure(one, tenant, fail):
    with pytest.raises(FAILURES):
        spoil(one, tenant, fail)
    with one.transaction(None) as session:
        assert session.scalar(text("show search_path")).strip('"') == NOWHERE
        assert session.scalar(text("select to_regclass('branches')")) is None


def test_a_session_that_is_dropped_half_way_leaves_nothing(one, tenant, other_tenant):
    untouched = state(one, other_tenant)
    with entered(tenant):
        dropped = TenantSession(one.engine)
        litter(dropped)
        dropped.close()
    assert state(one, other_tenant) == untouched


def test_a_raw_connection_between_two_chains_stands_nowhere(one, tenant):
    with one.transaction(tenant) as session:
        session.execute(text("select 1 from branches"))
    raw = one.engine.raw_connection()
    try:
        assert "t_" not in raw.cursor().execute("show search_path").fetchone()[0]  # type: ignore[union-attr]
        with pytest.raises(Exception, match="branches"):
            raw.cursor().execute("select 1 from branches")
    finally:
        raw.close()


def test_a_thousand_turns_never_take_the_other_chains_rows(one, tenant, other_tenant):
    names: dict[str, set[UUID]] = {}
    for turn in range(500):
        for each in (tenant, other_tenant):
            try:
                with one.transaction(each) as session:
                    names.setdefault(each.slug, set()).update(session.scalars(text("select id from branches")))
                    if turn % 7 == 0:
                        WAYS[turn % 4](session) if turn % 4 != 1 else stumble(session)
            except (DBAPIError, KeyError):
                pass
    assert len(names) == 2
    assert not set.intersection(*names.values())
