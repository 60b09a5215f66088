"""`shopbell tenants`: chains and their host names; `shopbell servers`: where they lie."""

from __future__ import annotations

import secrets

import click

from blueprints.access import api as access
from blueprints.registry import seeders
from infra.commands.opening import opened, tenant_named
from shopbell.i18n import LOCALES
from tenants import domains, life, ownership, placement, provisioning
from tenants.packs import PACKS
from tenants.resolve import REMEMBER_SECONDS, Directory

SOON = f"within {REMEMBER_SECONDS:.0f} seconds"


@click.group()
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
@click.option("--server", help="The database server; without it the one with the fewest chains.")
def create(owner: str | None, server: str | None, **given: str) -> None:
    """Make a chain ready to use: its schema, catalogue and address."""
    with opened() as (settings, database):
        new = provisioning.NewTenant(**given)
        base = settings.base_domain
        tenant = provisioning.create(database, new, base_domain=base, seeders=seeders(), server=server)
        click.echo(f"Ready: {settings.tenant_url(tenant.host)}/")
        if len(database.servers) > 1:
            click.echo(f"It lies on the database server {tenant.server}.")
        if owner:
            password = secrets.token_urlsafe(12)
            with database.transaction(tenant) as session:
                access.create_user(session, owner, password, new.name, "hq", [], new.locale)
            click.echo(f"Sign in at {settings.tenant_url(tenant.host)}/sign-in as {owner} with {password}")


@tenants.command("list")
def show() -> None:
    """Show every chain with its address; suspended ones are marked."""
    with opened() as (settings, database):
        directory = Directory(database)
        active = {tenant.id for tenant in directory.all()}
        for tenant in directory.all(suspended=True):
            address = f"{settings.tenant_url(tenant.host)}/"
            mark = "" if tenant.id in active else "  (suspended)"
            click.echo(f"{tenant.slug:24} {tenant.pack:10} {tenant.server:10} {address}  {tenant.name}{mark}")


@tenants.command("suspend")
@click.argument("slug")
def suspend(slug: str) -> None:
    """Let nobody into a chain's pages and API; nothing is removed."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        with database.transaction(None) as directory:
            life.suspend(directory, tenant)
        click.echo(f"{tenant.name} is closed {SOON}; `shopbell tenants resume {slug}` opens it again.")


@tenants.command("resume")
@click.argument("slug")
def resume(slug: str) -> None:
    """Open a suspended chain again."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        with database.transaction(None) as directory:
            life.resume(directory, tenant)
        click.echo(f"{tenant.name} is open {SOON}.")


@tenants.command("rename")
@click.argument("slug")
@click.option("--name", help="The chain's new name.")
@click.option("--to", "new_slug", help="The new short name; its address changes with it.")
@click.option("--redirect-days", type=click.IntRange(1, 3650), default=life.REDIRECT_DAYS, show_default=True)
def rename(slug: str, name: str | None, new_slug: str | None, redirect_days: int) -> None:
    """Give a chain another name or short name; the old address redirects for a time."""
    if not (name or new_slug):
        raise click.UsageError("Say --name, --to, or both.")
    with opened() as (settings, database):
        tenant = tenant_named(database, slug)
        with database.transaction(None) as directory:
            if name:
                life.rename(directory, tenant, name)
            if new_slug:
                base = settings.base_domain
                life.change_slug(directory, tenant, new_slug, base_domain=base, redirect_days=redirect_days)
        renamed = tenant_named(database, new_slug or slug)
        click.echo(f"{renamed.name} is at {settings.tenant_url(renamed.host)}/ {SOON}.")


@tenants.command("domains")
@click.argument("slug")
def list_domains(slug: str) -> None:
    """Show the host names that lead to a chain, and those it has claimed."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        with database.transaction(None) as directory:
            for named in domains.of(directory, tenant):
                until = f"redirects until {named.redirects_until:%Y-%m-%d}" if named.redirects_until else "leads here"
                click.echo(f"{named.host:40} {'primary' if named.is_primary else until}")
            for claim in domains.claims_of(directory, tenant):
                click.echo(f"{claim.host:40} claimed, not shown yet ({claim.problem or 'not looked at'})")


@tenants.command("add-domain")
@click.argument("slug")
@click.argument("host")
@click.option("--vouched", is_flag=True, help="You know that the host is the chain's: it leads there at once.")
def add_domain(slug: str, host: str, vouched: bool) -> None:
    """Let a further host name, such as booking.example.com, lead to a chain once it was shown to be theirs."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        if vouched:
            with database.transaction(None) as directory:
                domains.enter(directory, tenant, host)
            click.echo(f"{host.lower()} leads to {tenant.name} {SOON}.")
            return
        claim = domains.claim(database, tenant, host)
        proof = ownership.proof(claim.token)
        click.echo(
            f"To show that {claim.host} is theirs, its owner puts one of these two:\n"
            f"  a DNS record   {ownership.RECORD}.{claim.host}  TXT  {proof}\n"
            f"  a file         https://{claim.host}{ownership.PATH}  with the line  {proof}\n"
            f"It is looked for now and then for a week; `shopbell tenants check-domain {slug} {claim.host}` looks now."
        )


@tenants.command("check-domain")
@click.argument("slug")
@click.argument("host")
def check_domain(slug: str, host: str) -> None:
    """Look for the proof of a claimed host name now."""
    with opened() as (settings, database):
        tenant = tenant_named(database, slug)
        problem = domains.look(database, tenant, domains.checked(host), ownership.Outside.from_settings(settings))
    if problem is None:
        raise click.ClickException(f"{tenant.name} has no open claim to {host}.")
    if problem:
        raise click.ClickException(f"{host} was not shown to be the chain's: {problem}.")
    click.echo(f"{host} leads to {tenant.name} {SOON}.")


@tenants.command("set-primary")
@click.argument("slug")
@click.argument("host")
def set_primary(slug: str, host: str) -> None:
    """Have links in messages use this host name of the chain."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        with database.transaction(None) as directory:
            domains.make_primary(directory, tenant, host)
        click.echo(f"Links lead to {host.lower()} {SOON}.")


@tenants.command("remove-domain")
@click.argument("slug")
@click.argument("host")
def remove_domain(slug: str, host: str) -> None:
    """Let a further host name lead to the chain no longer."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        with database.transaction(None) as directory:
            domains.remove(directory, tenant, host)
        click.echo(f"{host.lower()} leads nowhere {SOON}.")


@click.command("servers")
def servers() -> None:
    """Show the database servers, how many chains lie on each, and schemas that belong to none."""
    with opened() as (_, database), database.transaction(None) as directory:
        for server, count in placement.counts(directory, database.servers).items():
            click.echo(
                f"{server:12} {count} chains" + ("" if server in database.servers else "  (not in the settings)")
            )
            if server not in database.servers:
                continue
            with database.transaction(None, server=server) as there:
                for schema in placement.left_over(directory, there, server):
                    click.echo(f"  the schema {schema} belongs to no chain")
