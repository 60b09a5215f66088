"""A chain in one file: everything in it, of one moment, and the same again after it was erased and brought back."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from blueprints.crm import api as crm
from shopbell import due, ids, runtime
from shopbell.db import Database
from shopbell.outbox import OutboxRow
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from shopbell.vault import ring
from tenants import erase, life, migrate
from tenants.archive import manifest as manifests
from tenants.archive import reading, writing
from tenants.archive.errors import AlreadyHere, BadArchive
from tenants.provisioning import SlugTaken
from tenants.resolve import Directory
from tests.support import world
from tests.support.secret_keys import secret_keys

AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
PHONE, ADDRESS = "+8613812345678", "fang@example.com"
PICTURE = bytes(range(256))
ODD = '{"a": [1, null, "\\\\ \\u0001 \\" \\n 张 🙂"], "n": 1.10, "none": null}'


@pytest.fixture
def chain(two_servers: Database) -> TenantContext:
    """A chain with rows of every kind of column."""
    tenant = world.build(two_servers, f"chain-{ids.uuid7().hex[-6:]}").tenant
    with two_servers.transaction(tenant) as session:
        session.execute(text("update brand set logo = :logo"), {"logo": PICTURE})
        session.execute(text("update branches set address = cast(:odd as jsonb)"), {"odd": ODD})
        session.execute(text("select nextval('resource_ids')"))
        due.schedule(session, "test.later", "one", AT, {"words": "明天"})
        crm.remember(session, "王芳", PHONE, ADDRESS)
        session.add(OutboxRow(id=ids.uuid7(), tenant_id=tenant.id, name="Told", payload={"n": 1}, created_at=AT))
    return tenant


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def erased(database: Database, tenant: TenantContext) -> None:
    with database.transaction(None) as directory:
        life.suspend(directory, tenant)
    erase.erase(database, tenant, confirmed=tenant.slug, by="a test")


def count(database: Database, tenant: TenantContext, table: str) -> Any:
    with database.transaction(tenant) as session:
        return session.scalar(text(f"select count(*) from {table}"))


@pytest.mark.proves("T7")
def test_what_was_exported_erased_and_imported_is_exported_again_byte_for_byte(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    before = writing.write(two_servers, chain, first)
    erased(two_servers, chain)
    assert Directory(two_servers).by_slug(chain.slug) is None

    back, _ = reading.read(two_servers, first, base_domain="localhost", server="second")
    after = writing.write(two_servers, back, second)

    assert members(first) == members(second)
    assert before.sequences == after.sequences
    assert (back.id, back.slug, back.server) == (chain.id, chain.slug, "second")
    with two_servers.transaction(back) as session:
        assert session.scalar(text("select logo from brand")) == PICTURE
        assert session.scalar(text("select address = cast(:odd as jsonb) from branches limit 1"), {"odd": ODD})
        assert session.scalar(text("select count(*) from config_version")) == 1
        assert session.scalar(text("select last_value from resource_ids")) == before.sequences["resource_ids"][0]


def test_an_archive_holds_no_number_and_is_opened_where_it_was_made(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    archive = tmp_path / "chain.zip"
    writing.write(two_servers, chain, archive)
    for content in members(archive).values():
        assert PHONE.encode() not in content
        assert ADDRESS.encode() not in content
    erased(two_servers, chain)
    back, _ = reading.read(two_servers, archive, base_domain="localhost", server="second")
    with two_servers.transaction(back) as session:
        (known,) = crm.by_phone(session, PHONE)
        assert (known.name, known.email) == ("王芳", ADDRESS)


@pytest.mark.proves("T8")
def test_an_installation_with_other_master_keys_opens_an_archive_by_its_key_file(
    two_servers: Database, chain: TenantContext, tmp_path: Path, settings: Settings
) -> None:
    archive, key = tmp_path / "chain.zip", b"k" * 32
    writing.write(two_servers, chain, archive, key=key)
    erased(two_servers, chain)
    runtime.install(replace(settings, master_keys=(("elsewhere", b"e" * 32),)))
    try:
        with pytest.raises(BadArchive):
            reading.read(two_servers, archive, base_domain="localhost")
        assert Directory(two_servers).by_slug(chain.slug) is None
        back, _ = reading.read(two_servers, archive, base_domain="localhost", key=key)
        ring.forget(back.id)
        with two_servers.transaction(back) as session:
            assert crm.by_phone(session, PHONE)[0].email == ADDRESS
            masters = text("select distinct master from shared.data_keys where tenant_id = :id")
            assert session.scalars(masters, {"id": back.id}).all() == ["elsewhere"]
        erased(two_servers, back)
    finally:
        runtime.install(settings)
        ring.forget(chain.id)


def test_an_archive_is_no_stranger_while_the_secret_key_it_was_made_under_is_kept(settings: Settings) -> None:
    made = manifests.key_mark()
    with secret_keys(settings, "a new secret", settings.secret_key):
        assert manifests.key_mark() != made
        assert manifests.is_known(made)
        assert manifests.is_known(manifests.key_mark())
    with secret_keys(settings, "a new secret"):
        assert not manifests.is_known(made)


def test_erasing_a_chain_destroys_its_keys_and_says_so(two_servers: Database, chain: TenantContext) -> None:
    with two_servers.transaction(None) as directory:
        life.suspend(directory, chain)
    certificate = erase.erase(two_servers, chain, confirmed=chain.slug, by="a test")
    assert "destroyed" in certificate.said["keys"]
    assert certificate.said["rows"]["shared.data_keys"] == 2
    for server in two_servers.servers:
        with two_servers.transaction(None, server=server) as session:
            left = text("select count(*) from shared.data_keys where tenant_id = :id")
            assert session.scalar(left, {"id": chain.id}) == 0


def test_due_work_and_facts_not_told_come_along_once(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    archive = tmp_path / "chain.zip"
    writing.write(two_servers, chain, archive)
    erased(two_servers, chain)
    back, _ = reading.read(two_servers, archive, base_domain="localhost", server="main")
    with two_servers.transaction(back) as session:
        owned = {"tenant": back.id}
        work = text("select payload ->> 'words' from shared.due_work where tenant_id = :tenant and kind = 'test.later'")
        assert session.scalars(work, owned).all() == ["明天"]
        facts = session.scalars(text("select name from shared.outbox where tenant_id = :tenant"), owned).all()
        assert facts == ["Told"]


def test_nothing_is_written_into_the_trail_when_a_chain_is_brought_back(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    archive = tmp_path / "chain.zip"
    before = count(two_servers, chain, "audit_changes")
    assert before
    writing.write(two_servers, chain, archive)
    erased(two_servers, chain)
    back, _ = reading.read(two_servers, archive, base_domain="localhost")
    assert count(two_servers, back, "audit_changes") == before
    with two_servers.transaction(back) as session:
        session.execute(text("update skills set name = '{}' where key = 'test-refraction'"))
        linked = session.scalar(text("select count(*) from audit_changes where xid < pg_current_xact_id()"))
        assert linked == 0, "an old transaction's id could be given out again"
    assert count(two_servers, back, "audit_changes") == before + 1


def test_keys_and_triggers_hold_again_after_an_import(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    def rules() -> list[Any]:
        statement = """
            select conname::text, pg_get_constraintdef(oid) from pg_constraint
             where connamespace = cast(:schema as regnamespace)
            union all
            select t.tgname::text || tgrelid::regclass::text, tgenabled::text from pg_trigger t
              join pg_class c on c.oid = tgrelid
             where not tgisinternal and relnamespace = cast(:schema as regnamespace) order by 1, 2
        """
        tenant = Directory(two_servers).by_slug(chain.slug)
        assert tenant
        with two_servers.transaction(tenant) as session:
            return list(session.execute(text(statement), {"schema": tenant.schema}))

    archive, before = tmp_path / "chain.zip", rules()
    writing.write(two_servers, chain, archive)
    erased(two_servers, chain)
    reading.read(two_servers, archive, base_domain="localhost")
    assert rules() == before


def test_a_chain_is_not_brought_in_twice(two_servers: Database, chain: TenantContext, tmp_path: Path) -> None:
    archive = tmp_path / "chain.zip"
    writing.write(two_servers, chain, archive)
    with pytest.raises(AlreadyHere):
        reading.read(two_servers, archive, base_domain="localhost", slug="another-name")


def test_a_short_name_in_use_is_refused_and_another_may_be_given(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    archive = tmp_path / "chain.zip"
    writing.write(two_servers, chain, archive)
    erased(two_servers, chain)
    successor = world.build(two_servers, chain.slug).tenant
    with pytest.raises(SlugTaken):
        reading.read(two_servers, archive, base_domain="localhost")
    back, _ = reading.read(two_servers, archive, base_domain="localhost", slug=f"{chain.slug}-b")
    assert back.schema != successor.schema
    assert back.host == f"{chain.slug}-b.localhost"


def altered(path: Path, name: str, change: Any) -> Path:
    """The archive with one member changed, its manifest left or changed in the same way."""
    found = path.with_name(f"altered-{name.replace('/', '-')}.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(found, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content) if member == name else content)
    return found


def remade(content: bytes, **values: Any) -> bytes:
    return json.dumps({**json.loads(content), **values}).encode()


def test_an_archive_that_was_changed_or_is_newer_is_refused_before_anything_is_written(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    archive = tmp_path / "chain.zip"
    writing.write(two_servers, chain, archive)
    erased(two_servers, chain)
    damaged = altered(archive, "tables/branches.jsonl", lambda content: content.replace(b"Shanghai", b"Shenzhen"))
    empty = tmp_path / "empty.zip"
    empty.write_bytes(b"no zip")
    reasons = {damaged: "branches", empty: "cannot be read"}
    for path, reason in reasons.items():
        with pytest.raises(BadArchive, match=reason):
            reading.read(two_servers, path, base_domain="localhost")
    newer = altered(archive, "manifest.json", lambda content: remade(content, revision="9999"))
    with pytest.raises(BadArchive, match="up to date first"):
        reading.read(two_servers, newer, base_domain="localhost")
    strange = altered(archive, "manifest.json", lambda content: remade(content, format="zip"))
    with pytest.raises(BadArchive, match="of the form zip"):
        reading.read(two_servers, strange, base_domain="localhost")
    assert Directory(two_servers).by_slug(chain.slug) is None


def test_an_archive_of_an_earlier_release_is_brought_up_to_date(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    archive, head = tmp_path / "chain.zip", migrate.head("tenant")
    earlier = migrate.revisions("tenant")[1]
    with two_servers.transaction(chain) as session:
        schema = f'"{chain.schema}"'
        session.execute(text(f"drop schema {schema} cascade"))
        session.execute(text(f"create schema {schema}"))
        migrate.run_script(session, migrate.script("tenant", "base", earlier))
    assert writing.write(two_servers, chain, archive).revision == earlier
    erased(two_servers, chain)
    back, _ = reading.read(two_servers, archive, base_domain="localhost")
    with two_servers.transaction(back) as session:
        assert migrate.current_revision(session, back.schema) == head


def test_an_archive_is_its_owners_alone_and_never_half_there(
    two_servers: Database, chain: TenantContext, tmp_path: Path
) -> None:
    archive = tmp_path / "chain.zip"

    def fail(_table: str, _rows: int) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        writing.write(two_servers, chain, archive, tell=fail)
    assert list(tmp_path.iterdir()) == []
    writing.write(two_servers, chain, archive)
    assert archive.stat().st_mode & 0o077 == 0
