"""Suspending, resuming and renaming chains: what visitors meet, and what stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from blueprints.registry import handlers
from shopbell import clock, due, housekeeping
from shopbell.errors import Invalid
from shopbell.http.app import ShopbellApp
from shopbell.tenancy import TenantContext
from tenants import domains, life, provisioning
from tenants.provisioning import NewTenant, SlugTaken
from tenants.resolve import REMEMBER_SECONDS, Directory
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop
from workers.drain import Drain

LATER = timedelta(days=life.REDIRECT_DAYS, seconds=1)


@pytest.fixture
def asked(app: ShopbellApp, database: RolledBackDatabase) -> Iterator[Directory]:
    """The directory that the application asks: this test's own."""
    before = app.resolve
    directory = Directory(database)
    app.resolve = directory.door
    yield directory
    app.resolve = before


@pytest.fixture
def suspended(database: RolledBackDatabase, tenant: TenantContext, asked: Directory) -> TenantContext:
    with database.transaction(None) as directory:
        life.suspend(directory, tenant)
    return tenant


def test_what_is_remembered_of_the_directory_is_used_for_ten_seconds_at_most() -> None:
    assert REMEMBER_SECONDS <= 10


@pytest.mark.proves("T7")
@pytest.mark.usefixtures("suspended")
def test_a_suspended_chain_says_so_and_what_to_do(client: FlaskClient, other_client: FlaskClient) -> None:
    page = client.get("/?lang=en")
    assert page.status_code == 503
    assert "switched off at the moment" in page.text
    assert "please call the shop" in page.text
    assert "Back to the start" not in page.text
    assert client.get("/hq/").status_code == 503
    assert client.get("/theme.css").status_code == 200
    answer = client.get("/api/v1/branches")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.get_json()["code"] == "suspended"
    assert other_client.get("/").status_code == 200


@pytest.mark.proves("T7")
def test_a_resumed_chain_is_as_it_was(
    client: FlaskClient, database: RolledBackDatabase, suspended: TenantContext, asked: Directory
) -> None:
    assert client.get("/").status_code == 503
    with database.transaction(None) as directory:
        life.resume(directory, suspended)
    asked.forget()
    assert client.get("/").status_code == 200


def test_due_work_of_a_suspended_chain_waits(
    database: RolledBackDatabase, suspended: TenantContext, asked: Directory
) -> None:
    with database.transaction(suspended) as session:
        due.schedule(session, housekeeping.KIND, housekeeping.KEY, clock.now())
    assert Drain(database, asked.by_id, handlers(), threads=1).tenant(suspended.id) == 0
    with database.transaction(None) as directory:
        life.resume(directory, suspended)
    asked.forget()
    assert Drain(database, asked.by_id, handlers(), threads=1).tenant(suspended.id) == 1


@pytest.mark.proves("T7")
def test_a_renamed_chain_keeps_its_schema_and_its_old_address_leads_to_the_new(
    client: FlaskClient, database: RolledBackDatabase, tenant: TenantContext, asked: Directory
) -> None:
    with database.transaction(None) as directory:
        life.rename(directory, tenant, "Nova Optik")
        assert life.change_slug(directory, tenant, "nova-optik", base_domain="localhost") == "nova-optik.localhost"
    renamed = asked.by_slug("nova-optik")
    assert renamed
    assert (renamed.schema, renamed.name, renamed.host) == (tenant.schema, "Nova Optik", "nova-optik.localhost")
    moved = client.get("/book/xintiandi?day=2026-03-04")
    assert moved.status_code == 308
    assert moved.location == "http://nova-optik.localhost:8000/book/xintiandi?day=2026-03-04"
    assert client.get("/", base_url="http://nova-optik.localhost:8000").status_code == 200
    with clock.frozen(clock.now() + LATER):
        asked.forget()
        assert client.get("/").status_code == 404


def test_an_old_short_name_is_free_once_its_redirect_is_over(
    database: RolledBackDatabase, tenant: TenantContext
) -> None:
    with database.transaction(None) as directory:
        life.change_slug(directory, tenant, "nova-optik", base_domain="localhost")
    new = NewTenant(tenant.slug, "Successor", "salon", "en")
    with pytest.raises(SlugTaken):
        provisioning.create(database, new, base_domain="localhost")
    with clock.frozen(clock.now() + LATER):
        successor = provisioning.create(database, new, base_domain="localhost")
    assert successor.schema == f"{tenant.schema}_2"


def test_a_chain_may_have_its_old_name_back(database: RolledBackDatabase, tenant: TenantContext) -> None:
    directory = Directory(database)
    with database.transaction(None) as session:
        life.change_slug(session, tenant, "nova-optik", base_domain="localhost")
    renamed = directory.by_slug("nova-optik")
    assert renamed
    with database.transaction(None) as session:
        life.change_slug(session, renamed, tenant.slug, base_domain="localhost")
        hosts = {named.host: named.is_primary for named in domains.of(session, tenant)}
    assert hosts == {tenant.host: True, "nova-optik.localhost": False}
    assert directory.by_slug(tenant.slug) == tenant


def test_what_cannot_be_a_name_is_refused(
    database: RolledBackDatabase, tenant: TenantContext, other_shop: Shop
) -> None:
    with database.transaction(None) as directory:
        with pytest.raises(Invalid) as refused:
            life.rename(directory, tenant, "  ")
        assert list(refused.value.fields) == ["name"]
        with pytest.raises(Invalid) as refused:
            life.change_slug(directory, tenant, "www", base_domain="localhost")
        assert list(refused.value.fields) == ["slug"]
        with pytest.raises(SlugTaken):
            life.change_slug(directory, tenant, other_shop.tenant.slug, base_domain="localhost")
