"""`shopbell keys`: the master keys of the installation, the data keys of its chains, and sealing what was in clear."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sqlalchemy import select

from blueprints.access import api as access
from blueprints.account import api as account
from blueprints.operator import api as operator
from infra.commands.opening import opened, tenant_named
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from shopbell.vault import keys as data_keys
from shopbell.vault import masters, sealing
from shopbell.vault.masters import BadMasters
from shopbell.vault.models import SealedTable
from tenants.resolve import Directory

ALL = click.option("--all", "everybody", is_flag=True, help="Every chain.")
SLUGS = click.argument("slugs", nargs=-1)


@click.group("keys")
def keys() -> None:
    """Keys of personal data."""


@keys.command("new")
@click.argument("name")
def new(name: str) -> None:
    """Print a fresh master key: put it first into SHOPBELL_MASTER_KEYS, restart, then `shopbell keys rewrap`."""
    try:
        click.echo(masters.new(name))
    except BadMasters as error:
        raise click.ClickException(str(error)) from error


@keys.command("status")
def status() -> None:
    """Show which master keys wrap how many data keys, and the chains that are not wholly sealed."""
    with opened() as (_, database):
        for server in database.servers:
            with database.transaction(None, server=server) as session:
                for name, count in data_keys.counts(session).items():
                    click.echo(f"{server:12} {count} data keys wrapped by {name}")
        for tenant in Directory(database).all(suspended=True):
            with database.transaction(tenant) as session:
                rows = session.scalars(select(SealedTable).where(SealedTable.finished_at.is_(None))).all()
            if rows:
                states = ", ".join(f"{row.table_name} {'on the way' if row.begun_at else 'in clear'}" for row in rows)
                click.echo(f"{tenant.slug:24} {states}")


@keys.command("rewrap")
def rewrap() -> None:
    """Wrap every data key by the newest master key; afterwards the older ones may leave the settings."""
    with opened() as (_, database):
        for server in database.servers:
            with database.transaction(None, server=server) as session:
                click.echo(f"{server}: {data_keys.wrap_anew(session)} data keys wrapped anew")


@keys.command("reseal")
def reseal() -> None:
    """Seal anew what secret keys sealed, so that an earlier one may leave the settings."""
    with opened() as (_, database):
        with database.transaction(None) as directory:
            click.echo(f"operators: {operator.reseal(directory)} sealed anew")
        for tenant in Directory(database).all(suspended=True):
            with database.transaction(tenant) as session:
                click.echo(f"{tenant.slug}: {access.reseal(session) + account.reseal(session)} sealed anew")


@keys.command("seal")
@SLUGS
@ALL
def seal(slugs: tuple[str, ...], everybody: bool) -> None:
    """Keep personal data of chains sealed from now on. Workers seal what is there, some rows at a time.

    For chains made by a release before sealing, once no process of that release runs any more.
    """
    with opened() as (_, database):
        for tenant in chosen(database, slugs, everybody):
            tables = sealing.close(database, tenant)
            click.echo(f"{tenant.slug}: " + (f"sealing {', '.join(tables)}" if tables else "is sealed, or on the way"))


@keys.command("rotate")
@SLUGS
@ALL
def rotate(slugs: tuple[str, ...], everybody: bool) -> None:
    """Give chains a new data key. Workers seal every row with it; the old key goes a day after that."""
    with opened() as (_, database):
        for tenant in chosen(database, slugs, everybody):
            with database.transaction(tenant) as session:
                number = sealing.rotate(session)
            click.echo(f"{tenant.slug}: data key {number}")


def chosen(database: Database, slugs: tuple[str, ...], everybody: bool) -> Iterator[TenantContext]:
    if bool(slugs) == everybody:
        raise click.UsageError("Say which chains, or --all.")
    yield from Directory(database).all(suspended=True) if everybody else (tenant_named(database, one) for one in slugs)
