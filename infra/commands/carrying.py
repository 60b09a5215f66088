"""`shopbell tenants export, import, move, erase`: chains that leave, arrive, go elsewhere and end."""

from __future__ import annotations

import base64
import getpass
import os
import socket
from collections.abc import Callable
from pathlib import Path

import click

from infra.commands.chains import tenants
from infra.commands.opening import opened, tenant_named
from shopbell.vault.masters import KEY_BYTES
from tenants import erase as erasing
from tenants.archive import manifest as manifests
from tenants.archive import reading, writing
from tenants.move import moving


def teller() -> Callable[[str, int], None]:
    """Says on standard error what is done with each table that has rows."""
    return lambda table, rows: click.echo(f"  {table:32} {rows:>9}", err=True) if rows else None


def new_key(path: Path) -> bytes:
    """A fresh key in a file that its owner alone may read."""
    key = os.urandom(KEY_BYTES)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    return key


def key_in(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise click.ClickException(f"{path} does not hold the key of an archive.")
    return key


@tenants.command("export")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over a file of that name.")
@click.option(
    "--key-file",
    type=click.Path(exists=False, dir_okay=False, path_type=Path),
    help="A new file with a key for this archive: only with it another installation reads the personal data.",
)
def export(slug: str, file: Path, replace: bool, key_file: Path | None) -> None:
    """Write everything of a chain into one file. It holds personal data: keep it as you keep a backup."""
    if file.exists() and not replace:
        raise click.ClickException(f"{file} exists; --replace writes over it.")
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        key = new_key(key_file) if key_file else None
        manifest = writing.write(database, tenant, file, key=key, tell=teller())
    click.echo(f"{file}: {manifest.rows} rows of {len(manifest.members)} tables, manifest {manifest.sha256}")


@tenants.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", help="Another short name than it had.")
@click.option("--database", "server", help="The database server; without it the one with the fewest chains.")
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The key of the archive, if it was exported under other master keys.",
)
def import_(file: Path, slug: str | None, server: str | None, key_file: Path | None) -> None:
    """Bring a chain out of an exported file into this installation: all of it, or nothing."""
    with opened() as (settings, database):
        base = settings.base_domain
        key = key_in(key_file) if key_file else None
        tenant, manifest = reading.read(
            database, file, base_domain=base, slug=slug, server=server, key=key, tell=teller()
        )
        click.echo(f"Ready: {settings.tenant_url(tenant.host)}/ with {manifest.rows} rows.")
        if not manifests.is_known(manifest.key):
            click.echo(
                "It was exported under another SHOPBELL_SECRET_KEY: links that customers were sent and second factors "
                "do not work here and have to be made anew."
            )
        for host in sorted(set(manifest.hosts) - {tenant.host}):
            click.echo(f"{host} led to it; `shopbell tenants add-domain {tenant.slug} {host}` claims it here.")


@tenants.command("move")
@click.argument("slug")
@click.option("--to", "server", help="The database server it is to lie on.")
@click.option("--cancel", is_flag=True, help="Undo a move that was interrupted.")
def move(slug: str, server: str | None, cancel: bool) -> None:
    """Bring a chain to another database server. It is read meanwhile; changes are turned away for a moment.

    An interrupted move keeps changes out: run the command again, or with --cancel.
    """
    if bool(server) == cancel:
        raise click.UsageError("Say --to, or --cancel.")
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        if cancel:
            undone = moving.cancel(database, tenant)
            click.echo(f"{tenant.name} stays at {tenant.server}." if undone else "There is no move to undo.")
        else:
            moved = moving.move(database, tenant, server or "", tell=teller())
            click.echo(
                f"{moved.name} lies on {moved.server}; the old copy goes in {moving.GRACE.seconds // 60} minutes."
            )


@tenants.command("erase")
@click.argument("slug")
@click.option("--confirm", required=True, help="The short name once more.")
def erase(slug: str, confirm: str) -> None:
    """Remove everything of a suspended chain for good, and print the certificate of it."""
    with opened() as (_, database):
        tenant = tenant_named(database, slug)
        by = f"{getpass.getuser()}@{socket.gethostname()}"
        issued = erasing.erase(database, tenant, confirmed=confirm, by=by)
    click.echo(issued.to_json())


@tenants.command("certificate")
@click.argument("slug")
def show_certificate(slug: str) -> None:
    """Print the certificates of erased chains that had this short name."""
    with opened() as (_, database), database.transaction(None) as directory:
        found = erasing.found(directory, slug)
    if not found:
        raise click.ClickException(f"No chain with the short name {slug!r} was erased.")
    for issued in found:
        click.echo(issued.to_json())
