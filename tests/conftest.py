"""Fixtures for every test below the browser: a real PostgreSQL, two chains, a still clock, clients."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.app import create_app
from blueprints.arrivals.queries.now import PACES
from blueprints.arrivals.queries.queue import WAITS
from blueprints.registry import handlers
from shopbell import clock, due, embedded, outbox, runtime
from shopbell.db import Database
from shopbell.events import Event
from shopbell.http.app import ShopbellApp
from shopbell.http.limits import BUCKETS, LIMITS
from shopbell.outbox import OutboxRow
from shopbell.settings import ROOT, Settings
from shopbell.tenancy import TenantContext
from tenants import migrate
from tests.support import pgbouncer, world
from tests.support.database import RolledBackDatabase, fresh_database, rolled_back
from tests.support.world import Shop
from workers.drain import Drain

MORNING = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
"""Monday, 08:00 in Shanghai: an hour before the branches open."""

PASSWORD = "correct-horse-battery-staple"


@pytest.fixture(scope="session")
def server_urls() -> Iterator[embedded.Urls]:
    """The database server and Redis that tests use: the ones named in the environment, else built-in ones."""
    with embedded.services(ROOT / "var" / "test", os.environ, throwaway=True) as urls:
        yield urls


@pytest.fixture(scope="session")
def migrated(server_urls: embedded.Urls) -> Iterator[str]:
    """The URL of a fresh, migrated database; through PgBouncer where that is asked for."""
    with fresh_database(server_urls.database_url) as direct, pgbouncer.if_asked(direct) as url:
        database = Database(url)
        migrate.upgrade_shared(database)
        database.dispose()
        yield url


@pytest.fixture(scope="session")
def settings(migrated: str, server_urls: embedded.Urls) -> Settings:
    loaded = Settings.load(
        {
            "DATABASE_URL": migrated,
            "REDIS_URL": server_urls.redis_url,
            "SHOPBELL_ENVIRONMENT": "test",
            "SHOPBELL_API_PER_MINUTE": "1000000",
        }
    )
    runtime.install(loaded)
    return loaded


@pytest.fixture(scope="session")
def committed(migrated: str) -> Iterator[Database]:
    """The database as other processes see it; what is written here stays for the whole run."""
    database = Database(migrated)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def shops(committed: Database, settings: Settings) -> tuple[Shop, Shop]:
    return world.build(committed, "lumi-test"), world.build(committed, "other-test")


@pytest.fixture
def shop(shops: tuple[Shop, Shop]) -> Shop:
    return shops[0]


@pytest.fixture
def other_shop(shops: tuple[Shop, Shop]) -> Shop:
    return shops[1]


@pytest.fixture
def tenant(shop: Shop) -> TenantContext:
    return shop.tenant


@pytest.fixture
def other_tenant(other_shop: Shop) -> TenantContext:
    return other_shop.tenant


@pytest.fixture
def now() -> Iterator[datetime]:
    """A still clock, at MORNING."""
    with clock.frozen(MORNING) as at:
        yield at


@pytest.fixture
def database(committed: Database, shops: tuple[Shop, Shop], now: datetime) -> Iterator[RolledBackDatabase]:
    """A database in which this test's work is undone at its end."""
    # What one test's shop taught or told must not be remembered in the next, which begins at the same moment.
    PACES.empty()
    WAITS.empty()
    with rolled_back(committed) as undone:
        yield undone


@pytest.fixture
def session(database: RolledBackDatabase, tenant: TenantContext) -> Iterator[Session]:
    """A session in the first chain."""
    with database.transaction(tenant) as session:
        yield session


@pytest.fixture(scope="session")
def the_app(settings: Settings, committed: Database) -> ShopbellApp:
    return create_app(settings, committed)


@pytest.fixture
def app(the_app: ShopbellApp, database: RolledBackDatabase, committed: Database) -> Iterator[ShopbellApp]:
    """The application, on the database that forgets."""
    the_app.database = database
    BUCKETS.empty()
    LIMITS.empty()
    yield the_app
    the_app.database = committed


class Browser(FlaskClient):
    """A client that stays at one chain's address."""

    address = "http://localhost:8000"

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", self.address)
        return super().open(*args, **kwargs)


Clients = Callable[[TenantContext], FlaskClient]


@pytest.fixture
def client_of(app: ShopbellApp) -> Clients:
    """Makes a browser without cookies at a chain's address."""

    def make(tenant: TenantContext) -> FlaskClient:
        client = Browser(app, app.response_class, use_cookies=True)
        client.address = f"http://{tenant.host}:8000"
        return client

    return make


@pytest.fixture
def client(client_of: Clients, tenant: TenantContext) -> FlaskClient:
    return client_of(tenant)


@pytest.fixture
def other_client(client_of: Clients, other_tenant: TenantContext) -> FlaskClient:
    return client_of(other_tenant)


@pytest.fixture
def sign_in_as(client_of: Clients, database: RolledBackDatabase, tenant: TenantContext) -> Callable[..., FlaskClient]:
    """Signs a new user of a role in and returns their browser: sign_in_as("hq"), sign_in_as("manager", [branch])."""

    def sign_in(role: str, branch_ids: list[UUID] | None = None, at: TenantContext = tenant) -> FlaskClient:
        email = f"{role}@{at.slug}.example"
        with database.transaction(at) as session:
            access.create_user(session, email, PASSWORD, role.title(), role, branch_ids or [], "en")
        browser = client_of(at)
        answer = browser.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser

    return sign_in


@pytest.fixture
def api_client(client_of: Clients, database: RolledBackDatabase, tenant: TenantContext) -> Callable[..., FlaskClient]:
    """A program with a bearer token: api_client("booking")."""

    def authorise(scope: str = "booking", at: TenantContext = tenant) -> FlaskClient:
        with database.transaction(at) as session:
            client_id, secret = access.create_client(session, "test", [scope])
        program = client_of(at)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": scope}
        answer = program.post("/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {answer.get_json()['access_token']}"
        return program

    return authorise


@pytest.fixture
def published(session: Session) -> Callable[[], list[Event]]:
    """The facts published so far, oldest first."""
    known = handlers().events

    def facts() -> list[Event]:
        session.expire_all()
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
        return [known[row.name].from_payload(row.payload) for row in rows if row.name in known]

    return facts


@pytest.fixture
def run_jobs(database: RolledBackDatabase, shops: tuple[Shop, Shop]) -> Callable[[], int]:
    """Relays facts and does all due work of both chains and the installation until nothing is left, entering none."""
    found = handlers()
    tenants = {shop.tenant.id: shop.tenant for shop in shops}
    drain = Drain(database, tenants.get, found, threads=1)

    def run() -> int:
        done = 0
        while True:
            with database.transaction(None) as session:
                facts = outbox.relay(session, found.reactions_of)
            rows = sum(drain.tenant(tenant_id) for tenant_id in (*tenants, due.INSTALLATION))
            done += rows
            if not facts and not rows:
                return done

    return run


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Refuse connections to anywhere but this machine."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not str(address[0]).startswith(
            ("127.", "::1", "localhost")
        ):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    socket.socket.connect = checked  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    with only_this_machine():
        yield
