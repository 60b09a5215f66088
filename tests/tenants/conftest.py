"""A second database server beside the first, as an installation that has grown has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from shopbell import clock, embedded
from shopbell.db import Database
from shopbell.embedded import postgres
from shopbell.settings import ROOT, Settings
from tenants import migrate
from tests.support import world
from tests.support.database import fresh_database
from tests.support.world import Shop


@pytest.fixture(scope="session")
def second_server() -> Iterator[str]:
    """The URL of a second PostgreSQL, a cluster of its own."""
    with postgres.served(ROOT / "var" / "test-second" / "postgres", throwaway=True) as url:
        yield url


@pytest.fixture(scope="module")
def two_servers(server_urls: embedded.Urls, second_server: str, settings: Settings) -> Iterator[Database]:
    """Two servers with their shared schemas; the directory is empty."""
    with fresh_database(server_urls.database_url) as first, fresh_database(second_server) as second:
        database = Database(first, others={"second": second})
        for server in database.servers:
            migrate.upgrade_shared(database, server)
        yield database
        database.dispose()


@pytest.fixture(scope="module")
def pair(two_servers: Database) -> tuple[Shop, Shop]:
    """One chain on each server."""
    return world.build(two_servers, "near-chain"), world.build(two_servers, "far-chain")


@pytest.fixture
def morning() -> Iterator[datetime]:
    """A still clock, before the branches open."""
    with clock.frozen(datetime.fromisoformat("2026-03-02T08:00:00+08:00")) as at:
        yield at
