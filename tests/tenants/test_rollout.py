"""Migrations over all tenants: each by itself, whoever fails stops nobody, and the next run takes up who is left."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Timer

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from blueprints.app import create_app
from infra.cli import main
from shopbell import embedded
from shopbell.db import Database
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tenants import migrate, provisioning, rollout
from tenants.provisioning import NewTenant
from tenants.resolve import Directory
from tenants.rollout import Outcome, Target
from tests.support.database import fresh_database

SLUGS = ("first", "second", "third")
NEXT = Target(
    "next",
    lambda _revision: (
        "set local lock_timeout = '300ms'; alter table customers add column later text;"
        "update alembic_version set version_num = 'next'"
    ),
)


@pytest.fixture(scope="module")
def prepared(server_urls: embedded.Urls, settings: Settings) -> Iterator[Database]:
    """Three chains of this release."""
    with fresh_database(server_urls.database_url) as url:
        database = Database(url)
        migrate.upgrade_shared(database)
        for slug in SLUGS:
            provisioning.create(database, NewTenant(slug, slug.title(), "salon", "en"), base_domain="localhost")
        yield database
        database.dispose()


@pytest.fixture
def chains(prepared: Database) -> Iterator[list[TenantContext]]:
    """The chains, which stand on this release's revision again afterwards."""
    yield Directory(prepared).all()
    for tenant in Directory(prepared).all():
        with prepared.transaction(tenant) as session:
            session.execute(text("alter table customers drop column if exists later"))
            session.execute(text("update alembic_version set version_num = :head"), {"head": migrate.head("tenant")})
            migrate.note(session, tenant, migrate.head("tenant"))


def by_slug(outcomes: Iterator[Outcome]) -> dict[str, Outcome]:
    return {outcome.tenant.slug: outcome for outcome in outcomes}


@pytest.mark.proves("T1")
def test_every_tenant_gets_there_once(prepared: Database, chains: list[TenantContext]) -> None:
    found = by_slug(rollout.upgrade_all(prepared, chains, target=NEXT))
    assert {slug: (done.after, done.error) for slug, done in found.items()} == dict.fromkeys(SLUGS, ("next", ""))
    for tenant in chains:
        with prepared.transaction(tenant) as session:
            session.execute(text("select later from customers"))
    assert not any(done.changed for done in rollout.upgrade_all(prepared, chains, target=NEXT))


@pytest.mark.proves("T1")
def test_a_tenant_that_fails_stops_nobody_keeps_what_it_had_and_is_taken_up_again(
    prepared: Database, chains: list[TenantContext]
) -> None:
    with prepared.transaction(chains[1]) as session:
        session.execute(text("alter table customers add column later text"))
    found = by_slug(rollout.upgrade_all(prepared, chains, target=NEXT))
    assert [found[slug].after for slug in SLUGS] == ["next", migrate.head("tenant"), "next"]
    assert "DuplicateColumn" in found["second"].error
    assert list(rollout.standing(prepared, "main").errors) == ["t_second"]

    with prepared.transaction(chains[1]) as session:
        session.execute(text("alter table customers drop column later"))
    again = by_slug(rollout.upgrade_all(prepared, chains, target=NEXT))
    assert [slug for slug in SLUGS if again[slug].changed] == ["second"]
    assert rollout.standing(prepared, "main").errors == {}


def test_a_batch_is_one_transaction_and_where_it_cannot_be_each_is_taken_by_itself(
    prepared: Database, chains: list[TenantContext]
) -> None:
    together = rollout.upgrade_batch(prepared, chains, NEXT)
    with prepared.transaction(None) as session:
        ages = session.scalar(text(f"select count(distinct xmin::text) from ({stands(chains)}) as standing"))
    assert ([done.after for done in together.outcomes], ages) == (["next"] * 3, 1)
    assert together.next_size > len(chains)

    for tenant in chains:
        with prepared.transaction(tenant) as session:
            session.execute(text("alter table customers drop column later"))
            session.execute(text("update alembic_version set version_num = :head"), {"head": migrate.head("tenant")})
    holder = prepared.engine.raw_connection()
    holder.cursor().execute(f"begin; lock table {chains[2].schema}.customers in access share mode")
    try:
        alone = rollout.upgrade_batch(prepared, chains, NEXT)
    finally:
        holder.rollback()
        holder.close()
    assert [(done.changed, done.busy) for done in alone.outcomes] == [(True, False), (True, False), (False, True)]
    assert alone.next_size == 1


def stands(chains: list[TenantContext]) -> str:
    return " union all ".join(f"select xmin from {tenant.schema}.alembic_version" for tenant in chains)


def test_whoever_is_held_up_by_a_lock_comes_again(prepared: Database, chains: list[TenantContext]) -> None:
    holder = prepared.engine.raw_connection()
    holder.cursor().execute(f"begin; lock table {chains[0].schema}.customers in access share mode")
    try:
        found = by_slug(rollout.upgrade_all(prepared, chains, target=NEXT, tries=1))
        assert "LockNotAvailable" in found["first"].error
        assert found["second"].changed
        assert found["third"].changed
        release = Timer(0.6, holder.rollback)
        release.start()
        assert by_slug(rollout.upgrade_all(prepared, chains, target=NEXT))["first"].changed
        release.join()
    finally:
        holder.rollback()
        holder.close()


def test_a_tenant_whose_schema_is_gone_is_reported(prepared: Database, chains: list[TenantContext]) -> None:
    lost = TenantContext(**{**vars(chains[0]), "schema": "t_lost"})
    (done,) = rollout.upgrade_all(prepared, [lost])
    assert done.error == "the schema t_lost is not on the server main"


def test_servers_take_turns(chains: list[TenantContext]) -> None:
    spread = [
        TenantContext(**{**vars(chains[0]), "slug": str(number), "server": server})
        for number, server in enumerate(["a", "a", "a", "b"])
    ]
    waiting, taken = rollout.Turns(spread), []
    while waiting:
        taken.append([tenant.server for tenant in waiting.take(2)])
    assert taken == [["a", "a"], ["b"], ["a"]]


def test_the_command_reports_plans_and_tells_where_everybody_stands(
    prepared: Database, chains: list[TenantContext], settings: Settings
) -> None:
    url = prepared.engine.url.render_as_string(hide_password=False)
    env = {"DATABASE_URL": url, "REDIS_URL": settings.redis_url}

    def shopbell(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, arguments, env=env)
        return done.exit_code, done.output

    before = migrate.revisions("tenant")[1]
    assert shopbell("migrate", "status")[0] == 0
    stand_on(prepared, chains[2], before)
    assert f"1 tenants: {before} -> {migrate.head('tenant')}" in shopbell("migrate", "--dry-run")[1]
    code, said = shopbell("migrate", "status")
    assert (code, "1 behind" in said) == (1, True)
    assert shopbell("migrate", "--only-shared")[0] == 0
    assert shopbell("migrate", "--tenant", "first")[0] == 0
    assert shopbell("migrate", "status")[0] == 1
    code, said = shopbell("migrate")
    assert code == 0
    assert f"{before} -> {migrate.head('tenant')}  done" in said
    assert "3 tenants, 1 of them changed" in said
    with prepared.transaction(chains[0]) as session:
        session.execute(text("update alembic_version set version_num = 'unheard-of'"))
    code, said = shopbell("migrate")
    assert code == 1
    assert "1 failed" in said


def stand_on(database: Database, tenant: TenantContext, revision: str) -> None:
    """Have the tenant's tables made anew, as an earlier revision had them."""
    with database.transaction(tenant) as session:
        session.execute(text(f"drop schema {tenant.schema} cascade"))
        session.execute(text(f"create schema {tenant.schema}"))
        migrate.run_script(session, migrate.script("tenant", "base", revision))
        migrate.note(session, tenant, revision)


def test_a_tenant_that_waits_to_be_migrated_gets_an_honest_answer(
    prepared: Database, chains: list[TenantContext], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    waiting, fine = chains[2], chains[0]
    stand_on(prepared, waiting, migrate.revisions("tenant")[-1])
    app = create_app(settings, prepared)
    page = app.test_client().get("/?lang=en", base_url=f"http://{waiting.host}:8000")
    assert page.status_code == 503
    assert "is being brought up to date" in page.text
    assert "the chain third waits for `shopbell migrate`" in caplog.text
    assert app.test_client().get("/", base_url=f"http://{fine.host}:8000").status_code == 200
    ready = app.test_client().get("/readyz").get_json()
    assert ready["status"] == "degraded"
    assert ready["databases"]["main"] == {"state": "ok", "behind": 1, "failed": 0}
    assert by_slug(rollout.upgrade_all(prepared, chains))["third"].changed
    assert app.test_client().get("/", base_url=f"http://{waiting.host}:8000").status_code != 503
