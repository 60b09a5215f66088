"""The command `shopbell`: tenants, users, API clients, migrations, the development run and benchmarks."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from blueprints.access import api as access
from infra import bench, demo, migrations_tool
from infra.commands import carrying  # noqa: F401 - adds to `tenants`
from infra.commands.chains import servers, tenants
from infra.commands.keys import keys
from infra.commands.mail import mail
from infra.commands.migrating import migrate
from infra.commands.opening import opened, tenant_named
from infra.commands.operators import operators
from infra.dev import supervisor
from shopbell.errors import DomainError
from shopbell.reach import is_unreachable
from shopbell.settings import BadSettings


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


for found in (migrate, tenants, servers, operators, keys, mail):
    main.add_command(found)


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
@click.option(
    "--chains", "sizes", type=click.IntRange(1, 5000), multiple=True, help="How many for migrate and tenants."
)
def bench_command(names: tuple[str, ...], as_json: bool, sizes: tuple[int, ...]) -> None:
    """Measure the product against limits taken on this machine in the same run."""
    sys.exit(bench.run(names, as_json=as_json, sizes=sizes))


if __name__ == "__main__":
    main()
