"""A database of its own with both demonstration chains in it, on a Thursday afternoon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from infra import demo
from infra.demo import chains, days
from infra.dev.welcome import SignIn
from shopbell import clock, embedded, runtime
from shopbell.db import Database
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tenants import migrate
from tenants.demo import LUMI, MANE
from tenants.resolve import Directory
from tests.support.database import fresh_database

AFTERNOON = datetime(2026, 3, 5, 6, 5, tzinfo=UTC)
"""14:05 in Shanghai, 13:05 in Ho Chi Minh City."""

CHAINS = (replace(LUMI, branches=LUMI.branches[::2]), replace(MANE, branches=MANE.branches[1:2]))
"""Three of the six branches: enough to see that all of it works."""


@dataclass(frozen=True)
class Shown:
    """What `ensure` made: where it is, how one gets in, and the chains in their order."""

    database: Database
    settings: Settings
    doors: list[SignIn]
    tenants: list[TenantContext]


@pytest.fixture(scope="module")
def shown(server_urls: embedded.Urls, settings: Settings) -> Iterator[Shown]:
    """Both chains, three branches, with a short past and future: the days are alike, and fewer are made faster."""
    with fresh_database(server_urls.database_url) as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "CHAINS", CHAINS)
        patch.setattr(days, "DAYS_BACK", 1)
        patch.setattr(days, "DAYS_AHEAD", 1)
        own = Settings.load({"DATABASE_URL": url, "REDIS_URL": server_urls.redis_url, "SHOPBELL_ENVIRONMENT": "test"})
        database = Database(url)
        migrate.upgrade_shared(database)
        with clock.frozen(AFTERNOON):
            doors = demo.ensure(database, own)
        directory = Directory(database)
        yield Shown(database, own, doors, [found for chain in CHAINS if (found := directory.by_slug(chain.slug))])
        database.dispose()
        runtime.install(settings)
