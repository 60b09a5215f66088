"""The command `shopbell`: tenants, users, API clients, migrations, the development run and benchmarks."""

from __future__ import annotations

import json
import secrets
import sys
from dataclasses import asdict
from typing import Any

import click

from blueprints.access import api as access
from blueprints.registry import seeders
from infra import bench, demo, migrations_tool
from infra.commands.migrating import migrate
from infra.commands.opening import opened, tenant_named
from infra.dev import supervisor
from shopbell.errors import DomainError
from shopbell.i18n import LOCALES
from shopbell.reach import is_unreachable
from shopbell.settings import BadSettings
from tenants import provisioning
from tenants.packs import PACKS
from tenants.resolve import Directory


class Friendly(click.Group):
    """Says what was refused in one sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(error.detail) from error
        except BadSettings as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            if is_unreachable(error):
                raise click.ClickException(f"A database server cannot be reached: {error}".split("\n", 1)[0]) from error
            raise


@click.group(cls=Friendly)
def main() -> None:
    """Shopbell: appointments, customers and incidents for chain stores."""


main.add_command(migrate)


@main.command()
def run() -> None:
    """Start everything on this machine; Ctrl-C stops it."""
    sys.exit(supervisor.run())


@main.command("make-migration")
@click.argument("tree", type=click.Choice(["shared", "tenant"]))
@click.argument("message")
def make_migration(tree: str, message: str) -> None:
    """Write a new revision from what the models say and the database does not."""
    with opened() as (_, database):
        click.echo(migrations_tool.make(database, tree, message))


@main.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as JSON.")
def demo_command(as_json: bool) -> None:
    """Create the demo chains, or bring them up to today. Refused in production."""
    with opened() as (settings, database):
        sign_ins = demo.ensure(database, settings)
        if as_json:
            click.echo(json.dumps([asdict(sign_in) for sign_in in sign_ins]))
        else:
            for sign_in in sign_ins:
                click.echo("  ".join(str(value) for value in asdict(sign_in).values() if value))


@main.group()
def tenants() -> None:
    """Chains."""


@tenants.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="The chain's name as customers see it.")
@click.option("--pack", required=True, type=click.Choice(sorted(PACKS)), help="The trade it starts with.")
@click.option("--locale", required=True, type=click.Choice(list(LOCALES)), help="Its first language.")
@click.option("--time-zone", default="Asia/Shanghai", show_default=True)
@click.option("--currency", default="CNY", show_default=True)
@click.option("--country", default="CN", show_default=True, help="Two letters: how local telephone numbers are read.")
@click.option("--owner", help="E-mail of the first HQ user; the password is printed once.")
def create_tenant(owner: str | None, **given: str) -> None:
    """Make a chain ready to use: its schema, catalogue and address."""
    with opened() as (settings, database):
        new = provisioning.NewTenant(**given)
        tenant = provisioning.create(database, new, base_domain=settings.base_domain, seeders=seeders())
        click.echo(f"Ready: {settings.tenant_url(tenant.host)}/")
        if owner:
            password = secrets.token_urlsafe(12)
            with database.transaction(tenant) as session:
                access.create_user(session, owner, password, new.name, "hq", [], new.locale)
            click.echo(f"Sign in at {settings.tenant_url(tenant.host)}/sign-in as {owner} with {password}")


@tenants.command("list")
def list_tenants() -> None:
    """Show every active chain with its address."""
    with opened() as (settings, database):
        for tenant in Directory(database).all():
            click.echo(f"{tenant.slug:24} {tenant.pack:10} {settings.tenant_url(tenant.host)}/  {tenant.name}")


@tenants.command("add-domain")
@click.argument("slug")
@click.argument("host")
def add_domain(slug: str, host: str) -> None:
    """Let a further host name, such as booking.example.com, lead to a chain."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        with database.transaction(None) as session:
            provisioning.add_domain(session, tenant, host)
        click.echo(f"{host.lower()} leads to {tenant.name} within ten seconds.")


@main.group()
def clients() -> None:
    """Programs that call the API."""


@clients.command("create")
@click.argument("slug")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do, for example booking.")
@click.option("--name", default="API client", show_default=True)
def create_client(slug: str, scopes: tuple[str, ...], name: str) -> None:
    """Print the id and, once, the secret of a new API client of a chain."""
    with opened() as (settings, database):
        tenant = tenant_named(database, slug)
        with database.transaction(tenant) as session:
            client_id, secret = access.create_client(session, name, list(scopes))
        click.echo(f"client_id: {client_id}")
        click.echo(f"client_secret: {secret}")
        click.echo(f"token endpoint: {settings.tenant_url(tenant.host)}/oauth/token")


@main.command("bench")
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
def bench_command(names: tuple[str, ...], as_json: bool) -> None:
    """Measure the product against limits taken on this machine in the same run."""
    sys.exit(bench.run(names, as_json=as_json))


if __name__ == "__main__":
    main()
