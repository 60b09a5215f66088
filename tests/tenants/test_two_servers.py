"""Chains on two database servers: booked, told and looked after alike, and one server's trouble is not the other's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from blueprints.access import api as access
from blueprints.app import create_app
from blueprints.registry import handlers
from infra.devtools.accounts import Account
from infra.devtools.tools import DevTools
from shopbell import runtime
from shopbell.db import Database, UnknownServer
from shopbell.errors import Invalid
from shopbell.http.app import ShopbellApp
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tenants import placement, provisioning
from tenants.provisioning import NewTenant
from tenants.resolve import Directory
from tests.messaging.outside import installed, later, messages, reach
from tests.support.world import Shop
from workers import queues
from workers.drain import Drain
from workers.relay import Relay

ACCOUNT = Account()
NOBODY = "postgresql+psycopg://shopbell@127.0.0.1:9/shopbell"
"""Nothing listens there."""


@pytest.fixture
def outside(settings: Settings) -> Iterator[DevTools]:
    """A mail server and a telephone network."""
    tools = DevTools()
    tools.start()
    with installed(reach(settings, tools)):
        yield tools
    tools.close()


class AtHome(FlaskClient):
    """A client that stays at one chain's address."""

    address = "http://localhost:8000"

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", self.address)
        return super().open(*args, **kwargs)


def client(app: ShopbellApp, tenant: TenantContext) -> FlaskClient:
    browser = AtHome(app, app.response_class, use_cookies=True)
    browser.address = f"http://{tenant.host}:8000"
    return browser


def booked(app: ShopbellApp, database: Database, shop: Shop, phone: str) -> None:
    """Have a program book an eye test over the API."""
    with database.transaction(shop.tenant) as session:
        client_id, secret = access.create_client(session, "test", ["booking"])
    program = client(app, shop.tenant)
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "booking"}
    token = program.post("/oauth/token", data=form).get_json()["access_token"]
    wanted = {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": "2026-03-04T10:00:00+08:00",
        "customer": {"name": "李明", "phone": phone, "email": "li@example.com"},
    }
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": phone}
    answer = program.post("/api/v1/bookings", json=wanted, headers=headers)
    assert answer.status_code == 201, answer.text


def work(database: Database, settings: Settings) -> None:
    """What relays and workers do until nothing is due, on every server."""
    found, redis = handlers(), queues.connect(settings.redis_url)
    queue = queues.queue(redis)
    queue.empty()
    find = Directory(database).by_id
    drain = Drain(database, find, found, threads=1)
    relays = [Relay(database, redis, found.reactions_of, find, server=server) for server in database.servers]
    while sum(relay.step() for relay in relays):
        for job in queue.jobs:
            drain.tenant(UUID(job.args[0]))
        queue.empty()
    redis.close()


@pytest.mark.proves("T1")
@pytest.mark.usefixtures("morning")
def test_chains_on_two_servers_are_booked_and_their_customers_told(
    two_servers: Database, pair: tuple[Shop, Shop], settings: Settings, outside: DevTools
) -> None:
    app = create_app(runtime.settings(), two_servers)
    assert [shop.tenant.server for shop in pair] == ["main", "second"]
    phones = ["+8613800138001", "+8613800138002"]
    for shop, phone in zip(pair, phones, strict=True):
        booked(app, two_servers, shop, phone)

    work(two_servers, settings)
    with later(seconds=3):
        work(two_servers, settings)

    for shop, phone in zip(pair, phones, strict=True):
        with two_servers.transaction(shop.tenant) as session:
            assert {message.state for message in messages(session, template="confirmation")} == {"sent"}
        (sms,) = outside.telco.messages(to=phone)
        assert shop.tenant.host in sms["callback"]


def test_what_a_chain_has_lies_on_its_server_alone(two_servers: Database, pair: tuple[Shop, Shop]) -> None:
    for server, shop in zip(two_servers.servers, pair, strict=True):
        with two_servers.transaction(None, server=server) as session:
            schemas = session.scalars(text("select nspname::text from pg_namespace where nspname like 't\\_%'")).all()
            assert schemas == [shop.tenant.schema]
            for table in ("outbox", "due_work", "deliveries", "tenant_revisions"):
                tenants = set(session.scalars(text(f"select tenant_id from shared.{table}")))
                assert tenants <= {shop.tenant.id}, table
    with two_servers.transaction(None, server="second") as session:
        assert session.scalar(text("select count(*) from shared.tenants")) == 0


@pytest.mark.proves("T1")
def test_no_key_leads_from_a_chains_schema_into_the_shared_one(two_servers: Database, pair: tuple[Shop, Shop]) -> None:
    """So a schema can lie on any server, be moved to another, and be distributed by Citus."""
    keys = """
        select conrelid::regclass::text from pg_constraint
         where contype = 'f' and connamespace = cast(:schema as regnamespace)
           and (select relnamespace from pg_class where oid = confrelid) <> connamespace
    """
    for shop in pair:
        with two_servers.transaction(shop.tenant) as session:
            assert session.scalars(text(keys), {"schema": shop.tenant.schema}).all() == []


def test_a_new_chain_goes_where_there_are_the_fewest_or_where_it_is_told(two_servers: Database) -> None:
    with two_servers.transaction(None) as directory:
        assert placement.choose(directory, ["main", "second"], "second") == "second"
        filled = placement.counts(directory, two_servers.servers)
        fewest = min(filled, key=lambda server: filled[server])
        assert placement.choose(directory, two_servers.servers) == fewest
        with pytest.raises(Invalid) as refused:
            placement.choose(directory, two_servers.servers, "third")
    assert list(refused.value.fields) == ["server"]


def test_a_creation_that_fails_on_the_other_server_leaves_nothing_on_either(two_servers: Database) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no catalogue")

    new = NewTenant("half-way", "Half Way", "salon", "en")
    with pytest.raises(RuntimeError):
        provisioning.create(two_servers, new, base_domain="localhost", seeders=[fail], server="second")
    assert Directory(two_servers).by_slug("half-way") is None
    with two_servers.transaction(None) as directory, two_servers.transaction(None, server="second") as there:
        assert placement.left_over(directory, there, "second") == []


def test_a_schema_that_nobody_refers_to_is_told_of_and_stands_in_nobodys_way(two_servers: Database) -> None:
    with two_servers.transaction(None, server="second") as there:
        there.execute(text("create schema t_left_behind"))
    try:
        with two_servers.transaction(None) as directory, two_servers.transaction(None, server="second") as there:
            assert placement.left_over(directory, there, "second") == ["t_left_behind"]
            assert placement.free_schema(directory, there, "left-behind") == "t_left_behind_2"
    finally:
        with two_servers.transaction(None, server="second") as there:
            there.execute(text("drop schema t_left_behind"))


def test_a_server_that_is_away_fails_its_own_chains_alone(
    two_servers: Database, pair: tuple[Shop, Shop], settings: Settings
) -> None:
    near, far = (shop.tenant for shop in pair)
    database = Database(two_servers.engine.url.render_as_string(hide_password=False), others={"second": NOBODY})
    app = create_app(settings, database)
    assert client(app, near).get("/").status_code == 200
    page = client(app, far).get("/?lang=en")
    assert page.status_code == 503
    assert "Nothing was changed" in page.text
    answer = client(app, far).get("/api/v1/branches", headers={"Authorization": "Bearer any"})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
    ready = client(app, near).get("/readyz")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "degraded")
    states = {server: found["state"] for server, found in ready.get_json()["databases"].items()}
    assert states == {"main": "ok", "second": "OperationalError"}
    database.dispose()


def test_without_the_directory_nobody_is_ready(settings: Settings) -> None:
    database = Database(NOBODY)
    app = create_app(settings, database)
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/").status_code == 503
    assert app.test_client().get("/api/v1/branches").get_json()["code"] == "unavailable"
    database.dispose()


def test_a_chain_on_a_server_that_nobody_named_says_so(committed: Database, pair: tuple[Shop, Shop]) -> None:
    with pytest.raises(UnknownServer, match="second"), committed.transaction(pair[1].tenant):
        pass


def test_a_restarted_server_is_found_again_without_an_error(committed: Database, shop: Shop) -> None:
    with committed.transaction(shop.tenant) as session:
        number = session.scalar(text("select pg_backend_pid()"))
    with committed.transaction(None) as first, committed.transaction(None) as session:
        own = {connection.scalar(text("select pg_backend_pid()")) for connection in (first, session)}
        session.execute(text("select pg_terminate_backend(:pid)"), {"pid": number}) if number not in own else None
    for _ in range(3):
        with committed.transaction(shop.tenant) as session:
            assert session.scalar(text("select 1")) == 1
