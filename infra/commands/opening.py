"""What every command begins with: settings, database, and the tenant that was named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from shopbell import embedded, runtime
from shopbell.db import Database
from shopbell.settings import ROOT, Settings
from shopbell.tenancy import TenantContext
from tenants.resolve import Directory


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The settings and the database; without DATABASE_URL the built-in server, joined if it runs already."""
    var_dir = Path(os.environ.get("SHOPBELL_VAR_DIR") or ROOT / "var")
    with embedded.services(var_dir, os.environ) as urls:
        settings = Settings.load({**os.environ, "DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url})
        runtime.install(settings)
        database = Database.from_settings(settings, "shopbell-cli")
        try:
            yield settings, database
        finally:
            database.dispose()


def tenant_named(database: Database, slug: str) -> TenantContext:
    """The chain, suspended or not."""
    tenant = Directory(database).by_slug(slug)
    if tenant is None:
        raise click.ClickException(f"There is no tenant with the short name {slug!r}.")
    return tenant
