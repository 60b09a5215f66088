"""Erasing a chain: nothing of it is left but the certificate, and nobody else's rows are touched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from shopbell import clock, due, ids
from shopbell.db import Database
from shopbell.errors import Invalid
from shopbell.tenancy import TenantContext
from tenants import certificate, domains, erase, life
from tenants.archive import writing
from tenants.certificate import Certificate
from tenants.resolve import Directory
from tests.support import world

AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def chains(two_servers: Database) -> tuple[TenantContext, TenantContext]:
    """Two chains on two servers, each with a further host and work that is due."""
    both = tuple(world.build(two_servers, f"{name}-{ids.uuid7().hex[-6:]}").tenant for name in ("goes", "stays"))
    for tenant in both:
        with two_servers.transaction(None) as directory:
            domains.enter(directory, tenant, f"{tenant.slug}.example.com")
        domains.claim(two_servers, tenant, f"book.{tenant.slug}.example.com")
        with two_servers.transaction(tenant) as session:
            due.schedule(session, "test.later", "one", AT)
    return both[0], both[1]


def suspended(database: Database, tenant: TenantContext) -> None:
    with database.transaction(None) as directory:
        life.suspend(directory, tenant)


def traces(database: Database, tenant: TenantContext) -> dict[str, Any]:
    """How many rows every shared table of every server has of a tenant, and whether its schema is there."""
    left: dict[str, Any] = {}
    for server in database.servers:
        with database.transaction(None, server=server) as session:
            for name in session.scalars(erase.OWNED).all():
                counted = text(f"select count(*) from shared.{name} where tenant_id = :id")
                left[f"{server}.{name}"] = session.scalar(counted, {"id": tenant.id})
            schema = session.scalar(text("select to_regnamespace(:name) is not null"), {"name": tenant.schema})
            left[f"{server}.schema"] = schema
    return {name: found for name, found in left.items() if found}


@pytest.mark.proves("T7")
def test_nothing_of_an_erased_chain_is_left_but_its_certificate(
    two_servers: Database, chains: tuple[TenantContext, TenantContext], tmp_path: Path
) -> None:
    goes, stays = chains
    before = traces(two_servers, stays)
    archive = writing.write(two_servers, goes, tmp_path / "goes.zip")
    suspended(two_servers, goes)
    issued = erase.erase(two_servers, goes, confirmed=goes.slug, by="mei@operator")

    assert traces(two_servers, goes) == {"main.erasures": 1}
    assert Directory(two_servers).door(f"{goes.slug}.example.com") is None
    assert traces(two_servers, stays) == before
    said = issued.said
    assert said["tenant"] == {"id": str(goes.id), "slug": goes.slug, "name": goes.name}
    assert said["erased_by"] == "mei@operator"
    assert said["rows"]["branches"] == 2
    assert said["rows"]["shared.due_work"] == 3
    assert said["last_export"]["manifest_sha256"] == archive.sha256
    assert sorted(said["hosts"]) == [f"{goes.slug}.example.com", f"{goes.slug}.localhost"]
    with two_servers.transaction(None) as directory:
        assert erase.found(directory, goes.slug) == [issued]


def test_a_certificate_that_was_altered_is_told_apart(
    two_servers: Database, chains: tuple[TenantContext, TenantContext]
) -> None:
    suspended(two_servers, chains[0])
    issued = erase.erase(two_servers, chains[0], confirmed=chains[0].slug, by="mei")
    assert certificate.is_ours(issued)
    assert not certificate.is_ours(Certificate(issued.text.replace("mei", "nobody"), issued.signature))
    assert not certificate.is_ours(Certificate(issued.text, "no signature"))
    assert json.loads(issued.to_json())["certificate"] == issued.text


def test_a_chain_that_is_open_or_was_not_named_is_not_erased(
    two_servers: Database, chains: tuple[TenantContext, TenantContext]
) -> None:
    goes = chains[0]
    before = traces(two_servers, goes)
    with pytest.raises(erase.NotSuspended):
        erase.erase(two_servers, goes, confirmed=goes.slug, by="mei")
    suspended(two_servers, goes)
    with pytest.raises(Invalid) as refused:
        erase.erase(two_servers, goes, confirmed="goes", by="mei")
    assert list(refused.value.fields) == ["confirm"]
    assert traces(two_servers, goes) == before


def test_an_erasure_that_died_half_way_is_finished_with_what_it_had_counted(
    two_servers: Database, chains: tuple[TenantContext, TenantContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes = chains[0]
    suspended(two_servers, goes)

    def die(_said: dict[str, Any]) -> Certificate:
        raise RuntimeError("the machine went away")

    with monkeypatch.context() as patched:
        patched.setattr(certificate, "issue", die)
        with pytest.raises(RuntimeError):
            erase.erase(two_servers, goes, confirmed=goes.slug, by="mei")
    assert Directory(two_servers).by_slug(goes.slug)
    with clock.frozen(AT):
        issued = erase.erase(two_servers, goes, confirmed=goes.slug, by="mei")
    assert issued.said["rows"]["branches"] == 2
    assert traces(two_servers, goes) == {"main.erasures": 1}
