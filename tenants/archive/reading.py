"""Bringing a chain out of an archive into this installation: all of it or nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shopbell.db import Database
from shopbell.tenancy import TenantContext
from shopbell.vault import keys
from shopbell.vault.masters import NoSuchMaster
from tenants import contents, loading, migrate, provisioning
from tenants.archive import manifest as manifests
from tenants.archive.errors import AlreadyHere, BadArchive
from tenants.archive.manifest import Manifest, Member
from tenants.archive.writing import Tell, quiet
from tenants.contents import Column, Table
from tenants.models import Tenant
from tenants.provisioning import NewTenant

BATCH_BYTES = 1 << 20


def read(
    database: Database,
    path: Path,
    *,
    base_domain: str,
    slug: str | None = None,
    server: str | None = None,
    key: bytes | None = None,
    tell: Tell = quiet,
) -> tuple[TenantContext, Manifest]:
    """Make the archived tenant anew, under its id and with the work that was due. Own host names are to be shown anew.
    `key` opens the personal data of an archive that was made under other master keys.

    What an earlier release wrote is migrated after it was loaded. Raises BadArchive before anything is written,
    AlreadyHere, SlugTaken, and Invalid naming `slug` or `server`. The directory is committed last, as in creating.
    """
    with _opened(path) as archive:
        manifest = manifests.read(archive)
        check(archive, manifest)
        new = _new(manifest, slug)
        provisioning.check(new)
        tenant_id = UUID(manifest.tenant["id"])
        with provisioning.one_slug_each(new.slug), database.transaction(None) as directory:
            _refuse_known(directory, tenant_id)
            tenant = provisioning.register(directory, database, new, base_domain, server, tenant_id=tenant_id)
            with database.transaction(tenant) as session:
                _load(archive, manifest, session, tenant, tell)
                _take_keys(session, tenant, manifest, key)
        return tenant, manifest


def check(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Raises BadArchive unless the archive is whole and this release can read it."""
    if manifest.revision not in migrate.revisions("tenant"):
        raise BadArchive(
            f"The archive was made by another release (tables {manifest.revision}, here {migrate.head('tenant')}): "
            "bring this installation up to date first."
        )
    manifests.verify(archive, manifest)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, FileNotFoundError) as error:
        raise BadArchive(f"{path} cannot be read: {error}.") from error


def _new(manifest: Manifest, slug: str | None) -> NewTenant:
    told = {name: value for name, value in manifest.tenant.items() if name != "id"}
    try:
        new = NewTenant(**told)
    except TypeError as error:
        raise BadArchive(f"The manifest does not say who the chain is: {error}.") from error
    return replace(new, slug=slug) if slug else new


def _refuse_known(directory: Session, tenant_id: UUID) -> None:
    if known := directory.get(Tenant, tenant_id):
        raise AlreadyHere(f"The chain of this archive exists here: {known.slug}. Erase it first.")


def _load(archive: zipfile.ZipFile, manifest: Manifest, session: Session, tenant: TenantContext, tell: Tell) -> None:
    loading.make(session, tenant, manifest.revision)
    own = contents.tables(session, tenant.schema)
    into = {table.member: table for table in [*own, *contents.shared_tables(session, tenant.id)]}
    _refuse_strange(manifest, into)
    with _untaken(), loading.filling(session, tenant.schema):
        for member in manifest.members:
            _read_table(archive, member, into[member.name], session, tenant)
            tell(into[member.name].name, member.rows)
    contents.set_sequences(session, manifest.sequences)
    if manifest.revision != migrate.head("tenant"):
        migrate.run_script(session, migrate.script("tenant", manifest.revision))
    migrate.note(session, tenant, migrate.head("tenant"))


def _take_keys(session: Session, tenant: TenantContext, manifest: Manifest, key: bytes | None) -> None:
    try:
        if key is not None:
            keys.taken(session, tenant, manifest.keys, key)
        keys.check(session, tenant)
    except NoSuchMaster:
        raise BadArchive(
            "The personal data in the archive were sealed under other master keys: export it there with a key file, "
            "and import it with that file."
            if key is None
            else "This key file does not belong to the archive."
        ) from None


@contextmanager
def _untaken() -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, psycopg.DataError | psycopg.IntegrityError):
            raise
        raise BadArchive(f"The archive holds what no table takes: {str(cause).splitlines()[0]}") from error


def _refuse_strange(manifest: Manifest, into: dict[str, Table]) -> None:
    for member in manifest.members:
        table = into.get(member.name)
        if table is None:
            raise BadArchive(f"There is no table for {member.name}.")
        strange = set(member.columns) - {column.name for column in table.columns}
        if strange:
            raise BadArchive(f"The table of {member.name} has no column {sorted(strange)[0]}.")


def _read_table(
    archive: zipfile.ZipFile, member: Member, table: Table, session: Session, tenant: TenantContext
) -> None:
    columns = [column for column in table.columns if column.name in set(member.columns)]
    names = [f'"{column.name}"' for column in columns]
    values = [_value(column) for column in columns]
    if table.shared:
        names, values = [*names, "tenant_id"], [*values, f"'{tenant.id}'"]
    given = ", ".join(f'"{column.name}" {_given_as(column)}' for column in columns)
    # S608: names from the catalogue of a schema that we made.
    statement = (
        f"insert into {table.sql_name} ({', '.join(names)}) select {', '.join(values)} "  # noqa: S608
        f"from json_to_recordset(%s::json) as r({given})"
    )
    with contents.raw(session).cursor() as cursor:
        for batch in _batches(archive, member):
            cursor.execute(statement, (batch,))


def _value(column: Column) -> str:
    if column.links:
        return f'({contents.NEVER_GIVEN} + r."{column.name}")::text::xid8'
    if column.type == "bytea":
        return f"decode(r.\"{column.name}\", 'base64')"
    return f'r."{column.name}"'


def _given_as(column: Column) -> str:
    return {"xid8": "bigint", "bytea": "text"}.get(column.type, column.type)


def _batches(archive: zipfile.ZipFile, member: Member) -> Iterator[str]:
    """The lines as JSON lists of about a megabyte each."""
    lines: list[bytes] = []
    size = 0
    with archive.open(member.name) as stream:
        for line in stream:
            lines.append(line)
            size += len(line)
            if size >= BATCH_BYTES:
                yield f"[{b','.join(lines).decode()}]"
                lines, size = [], 0
    if lines:
        yield f"[{b','.join(lines).decode()}]"
