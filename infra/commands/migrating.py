"""`shopbell migrate`: the shared schemas, then every tenant, with a report of each that was changed or failed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import click
from sqlalchemy import text

from infra import zones
from infra.commands.opening import opened, tenant_named
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from tenants import migrate as migrations
from tenants import rollout
from tenants.resolve import Directory
from tenants.rollout import Outcome


@click.group("migrate", invoke_without_command=True)
@click.option("--workers", type=click.IntRange(1, 64), default=rollout.WORKERS, show_default=True, help="At a time.")
@click.option("--only-shared", is_flag=True, help="Leave the tenants as they are.")
@click.option("--tenant", "slugs", multiple=True, help="Only this chain; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.pass_context
def migrate(ctx: click.Context, workers: int, only_shared: bool, slugs: tuple[str, ...], dry_run: bool) -> None:
    """Bring the shared schemas and every tenant up to date.

    A tenant that fails stops nobody else. It is named, the exit status is 1, and the next run takes it up again.
    """
    if ctx.invoked_subcommand:
        return
    with opened() as (_, database):
        if dry_run:
            plan(database, slugs, only_shared=only_shared)
            return
        failed = shared(database)
        outcomes = [] if only_shared else tenants(database, chosen(database, slugs), workers)
        report(outcomes)
        for sentence in zones.warnings(database, [done.tenant for done in outcomes if not done.error]):
            click.echo(sentence, err=True)
    sys.exit(1 if failed or any(outcome.error for outcome in outcomes) else 0)


@migrate.command("status")
def status() -> None:
    """Show where the tenants of each database server stand; exit status 1 when one is behind."""
    behind = 0
    with opened() as (_, database):
        click.echo(f"This release: shared {migrations.head('shared')}, tenants {migrations.head('tenant')}.")
        for server in database.servers:
            found = rollout.standing(database, server)
            counts = ", ".join(f"{count} at {revision or 'unknown'}" for revision, count in found.by_revision.items())
            click.echo(f"{server}: {found.tenants} tenants; {counts or 'none written down'}; {found.behind} behind")
            for schema, error in found.errors.items():
                click.echo(f"  {schema}: {error}")
            behind += found.behind
    sys.exit(1 if behind else 0)


def chosen(database: Database, slugs: Sequence[str]) -> list[TenantContext]:
    if slugs:
        return [tenant_named(database, slug) for slug in slugs]
    return Directory(database).all(suspended=True)


def shared(database: Database) -> int:
    """Bring the shared schemas up to date, `main` first; returns how many servers failed. Raises for `main`."""
    failed = 0
    for server in database.servers:
        try:
            migrations.upgrade_shared(database, server)
        except Exception as error:
            if server == database.servers[0]:
                raise
            click.echo(f"The shared schema of {server} failed: {str(error).splitlines()[0]}", err=True)
            failed += 1
    return failed


def tenants(database: Database, waiting: list[TenantContext], workers: int) -> list[Outcome]:
    """Upgrade them, with a bar on a terminal."""
    upgrading = rollout.upgrade_all(database, waiting, workers=workers)
    if not sys.stderr.isatty():
        return list(upgrading)
    with click.progressbar(upgrading, length=len(waiting), label="Tenants", show_pos=True, file=sys.stderr) as bar:
        return list(bar)


def report(outcomes: list[Outcome]) -> None:
    """A line for each tenant that was changed or failed, and the sum."""
    for done in sorted(outcomes, key=lambda outcome: outcome.tenant.slug):
        if done.error:
            click.echo(f"{done.tenant.slug:24} {done.before:>8}  failed    {done.error}", err=True)
        elif done.changed:
            click.echo(f"{done.tenant.slug:24} {done.before:>8} -> {done.after}  done  {done.seconds * 1000:.0f} ms")
    failed = sum(1 for done in outcomes if done.error)
    changed = sum(1 for done in outcomes if done.changed)
    click.echo(
        f"Up to date: the shared schema and {len(outcomes) - failed} tenants, {changed} of them changed."
        + (f" {failed} failed: run the command again when what is said above is settled." if failed else "")
    )


def plan(database: Database, slugs: Sequence[str], *, only_shared: bool) -> None:
    for server in database.servers:
        with database.transaction(None, server=server) as session:
            now = migrations.current_revision(session, "shared") or "nothing"
        click.echo(f"{server}: shared {now} -> {migrations.head('shared')}")
    if only_shared:
        return
    steps: Counter[str] = Counter()
    for tenant in chosen(database, slugs):
        with database.transaction(tenant) as session:
            steps[session.scalar(text("select version_num from alembic_version")) or "nothing"] += 1
    for revision, count in sorted(steps.items()):
        click.echo(f"{count} tenants: {revision} -> {migrations.head('tenant')}")
