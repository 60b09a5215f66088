"""A transaction belongs to one tenant, and a forgotten tenant reads nobody's rows."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from flask import g, request
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from blueprints.catalog.models import Branch
from shopbell.db import Database
from shopbell.http import current_session, open_to_all
from shopbell.tenancy import Door, TenantContext, entered
from tenants.resolve import Directory


def schema(session) -> str:
    return session.scalar(text("select current_schema()"))


@pytest.mark.proves("T1")
def test_a_transaction_sees_its_tenants_tables_only(committed, shops):
    for shop in shops:
        with committed.transaction(shop.tenant) as session:
            assert schema(session) == shop.tenant.schema
            assert shop.branch_id in session.scalars(select(Branch.id)).all()


def test_without_a_tenant_there_are_no_tables(committed, shops):
    with pytest.raises(ProgrammingError, match="does not exist"), committed.transaction(None) as session:
        session.scalars(select(Branch.id)).all()


def test_shared_tables_need_their_schema_named(committed, shops):
    with pytest.raises(ProgrammingError, match="does not exist"), committed.transaction(shops[0].tenant) as session:
        session.execute(text("select 1 from tenants"))


def test_a_schema_name_that_is_not_one_is_refused(committed, tenant):
    hostile = TenantContext(**{**vars(tenant), "schema": 'x"; drop schema shared; --'})
    with pytest.raises(ValueError, match="not a schema name"), committed.transaction(hostile) as session:
        session.execute(text("select 1"))


def test_an_error_rolls_back_and_leaves_the_connection_clean(committed, shop):
    with pytest.raises(ZeroDivisionError), committed.transaction(shop.tenant) as session:  # noqa: PT012
        session.execute(text("update branches set phone = 'changed'"))
        raise ZeroDivisionError
    with committed.transaction(shop.tenant) as session:
        assert "changed" not in session.scalars(select(Branch.phone)).all()


def test_many_threads_on_few_connections_never_cross_tenants(migrated, shops):
    database = Database(migrated, pool_size=2)
    mine = {shop.tenant.schema: shop.branch_id for shop in shops}

    def visit(seed: int) -> None:
        choice = random.Random(seed)
        for _ in range(30):
            shop = choice.choice(shops)
            try:
                with database.transaction(shop.tenant) as session:
                    found = set(session.scalars(select(Branch.id)).all())
                    assert mine[shop.tenant.schema] in found
                    assert not found & (set(mine.values()) - {mine[shop.tenant.schema]})
                    if choice.random() < 0.2:
                        session.execute(text("select 1 / 0"))
            except Exception as error:
                if "division by zero" not in str(error):
                    raise

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(visit, seed) for seed in range(8)]:
            done.result()
    with entered(None), database.engine.connect() as connection:
        assert connection.exec_driver_sql("show search_path").scalar() == "no_tenant"
    database.dispose()


def test_hosts_lead_to_their_tenants(committed, shops):
    directory = Directory(committed)
    assert directory.by_host(shops[0].tenant.host) == shops[0].tenant
    assert directory.by_host("nobody.localhost") is None
    assert directory.by_id(shops[1].tenant.id) == shops[1].tenant


def test_a_suspended_tenant_is_not_found(committed, shops):
    with committed.transaction(None) as session:
        session.execute(text("update shared.tenants set status = 'suspended' where slug = 'other-test'"))
    try:
        assert Directory(committed).by_host(shops[1].tenant.host) is None
    finally:
        with committed.transaction(None) as session:
            session.execute(text("update shared.tenants set status = 'active' where slug = 'other-test'"))


def test_the_loser_of_a_deadlock_is_done_again_and_nobody_notices(the_app, committed, shops):
    """Two requests take the same two locks in opposite order; both succeed."""
    ready = threading.Barrier(2)
    tries: list[str] = []

    @open_to_all("only this test asks")
    def crossing(first: str, second: str) -> str:
        tries.append(first)
        session = current_session()
        lock = text("select pg_advisory_xact_lock(hashtext(:name))")
        session.execute(lock, {"name": first})
        if len(tries) <= 2:
            ready.wait(10)
        session.execute(lock, {"name": second})
        return "done"

    the_app.view_functions["healthz"], before = crossing, the_app.view_functions["healthz"]
    try:

        def ask(order: tuple[str, str]) -> int:
            with the_app.test_request_context("/", base_url=f"http://{shops[0].tenant.host}"), entered(shops[0].tenant):
                g.door, g.trouble, g.resources = Door(shops[0].tenant), None, ExitStack()
                request.url_rule = next(rule for rule in the_app.url_map.iter_rules() if rule.endpoint == "healthz")
                request.view_args = {"first": order[0], "second": order[1]}
                return the_app.make_response(the_app.dispatch_request()).status_code

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(ask, [("left", "right"), ("right", "left")]))
    finally:
        the_app.view_functions["healthz"] = before
    assert answers == [200, 200]
    assert len(tries) == 3
