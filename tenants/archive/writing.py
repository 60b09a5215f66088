"""Making an archive, of one moment, while the chain works on."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shopbell import clock
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from shopbell.vault import keys
from tenants import contents, domains, migrate
from tenants.archive.manifest import NAME, Manifest, Member, key_mark
from tenants.contents import Table
from tenants.models import TenantExport

# One snapshot for everything; no writing, so that nothing can go wrong for anybody.
SNAPSHOT = text("set transaction isolation level repeatable read, read only")
# JSON as PostgreSQL writes it has no control characters, so that these two leave each row as it is.
PLAIN = "with (format csv, quote e'\\x01', delimiter e'\\x02')"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every member: an archive of the same rows has the same members."""

Tell = Callable[[str, int], None]


def quiet(_table: str, _rows: int) -> None:
    return


def write(
    database: Database, tenant: TenantContext, path: Path, *, key: bytes | None = None, tell: Tell = quiet
) -> Manifest:
    """Write everything of a tenant into one file, readable by its owner alone. Memory does not grow with the tenant.

    Personal data stay sealed in it. An installation with the same master keys opens them; any other one needs `key`, of
    32 bytes, which is to travel on another way.

    `tell` hears of each table when it is done. The file appears under its name when it is whole. Work that is due
    is in the archive and stays here as well: suspend the chain first if it is to go on elsewhere.
    """
    part = path.with_name(f".{path.name}.part")
    with database.transaction(None) as directory:
        hosts = [named.host for named in domains.of(directory, tenant)]
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, database.transaction(tenant) as session:
                manifest = _fill(archive, session, tenant, hosts, key, tell)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    with database.transaction(None) as directory:
        _note(directory, tenant, manifest)
    return manifest


def _fill(
    archive: zipfile.ZipFile,
    session: Session,
    tenant: TenantContext,
    hosts: list[str],
    key: bytes | None,
    tell: Tell,
) -> Manifest:
    session.execute(SNAPSHOT)
    session.execute(text(contents.STEADY))
    own = contents.tables(session, tenant.schema)
    members = []
    for table in [*own, *contents.shared_tables(session, tenant.id)]:
        member = _write_table(archive, session, table, own)
        members.append(member)
        tell(table.name, member.rows)
    manifest = Manifest(
        tenant=_told(tenant),
        hosts=hosts,
        revision=migrate.current_revision(session, tenant.schema) or "",
        made_at=clock.now().isoformat(),
        key=key_mark(),
        sequences=contents.sequences(session, tenant.schema),
        members=members,
        keys=keys.lent(session, tenant, key) if key else [],
    )
    archive.writestr(_entry(NAME), manifest.to_bytes())
    return manifest


def _told(tenant: TenantContext) -> dict[str, str]:
    names = ("slug", "name", "pack", "locale", "time_zone", "currency", "country")
    return {"id": str(tenant.id), **{name: getattr(tenant, name) for name in names}}


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _write_table(archive: zipfile.ZipFile, session: Session, table: Table, own: list[Table]) -> Member:
    digest, rows, size = hashlib.sha256(), 0, 0
    inner = contents.rows(table, own, base64=True)
    statement = f"copy (select row_to_json(r) from ({inner}) as r) to stdout {PLAIN}"  # noqa: S608
    with (
        archive.open(_entry(table.member), "w", force_zip64=True) as stream,
        contents.raw(session).cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for line in copy:
            digest.update(line)
            stream.write(line)
            rows, size = rows + 1, size + len(line)
    return Member(table.member, rows, size, digest.hexdigest(), [column.name for column in table.columns])


def _note(directory: Session, tenant: TenantContext, manifest: Manifest) -> None:
    told = {"made_at": clock.now(), "sha256": manifest.sha256}
    statement = insert(TenantExport).values(tenant_id=tenant.id, **told)
    directory.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=told))
