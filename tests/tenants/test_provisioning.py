"""Creating chains: complete, checked, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from blueprints.catalog.models import Service
from blueprints.operator.jobs import KIND as COUNT_USE
from blueprints.registry import seeders
from shopbell import housekeeping
from shopbell.due import DueWork
from shopbell.errors import Invalid
from tenants import provisioning
from tenants.packs import PACKS
from tenants.provisioning import NewTenant, SlugTaken
from tenants.resolve import Directory

NEW = NewTenant("new-chain", "New Chain", "salon", "vi", "Asia/Ho_Chi_Minh", "VND", "VN")


@pytest.fixture
def clean(committed) -> Iterator[None]:
    yield
    with committed.transaction(None) as session:
        session.execute(text("drop schema if exists t_new_chain cascade"))
        for table in ("due_work", "tenant_revisions"):
            ours = "select id from shared.tenants where slug = 'new-chain'"
            session.execute(text(f"delete from shared.{table} where tenant_id in ({ours})"))
        session.execute(text("delete from shared.tenants where slug = 'new-chain'"))


def create(committed, new: NewTenant, **more):
    return provisioning.create(committed, new, base_domain="localhost", seeders=seeders(), **more)


@pytest.mark.proves("T1")
@pytest.mark.usefixtures("clean")
def test_a_new_chain_is_ready_to_use(committed, settings):
    tenant = create(committed, NEW)
    assert Directory(committed).by_host("new-chain.localhost") == tenant
    with committed.transaction(tenant) as session:
        count = session.scalar(select(func.count()).select_from(Service))
        assert count == len(PACKS["salon"].services)
        assert set(session.scalars(select(Service.currency))) == {"VND"}
        due_work = select(DueWork.kind).where(DueWork.tenant_id == tenant.id)
        assert set(session.scalars(due_work)) == {housekeeping.KIND, COUNT_USE}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "A b"}, "slug"),
        ({"slug": "www"}, "slug"),
        ({"slug": 'x"; drop schema shared'}, "slug"),
        ({"name": " "}, "name"),
        ({"pack": "bakery"}, "pack"),
        ({"locale": "fr"}, "locale"),
        ({"time_zone": "Asia/Nowhere"}, "time_zone"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(committed, change, field):
    with pytest.raises(Invalid) as refused:
        create(committed, replace(NEW, **change))
    assert list(refused.value.fields) == [field]


@pytest.mark.usefixtures("clean")
def test_a_short_name_in_use_is_refused(committed, settings):
    create(committed, NEW)
    with pytest.raises(SlugTaken):
        create(committed, NEW)


@pytest.mark.usefixtures("clean")
def test_a_failing_seeder_leaves_no_chain_behind(committed, settings):
    def fail(*_):
        raise RuntimeError("no catalogue")

    with pytest.raises(RuntimeError):
        provisioning.create(committed, NEW, base_domain="localhost", seeders=[fail])
    assert Directory(committed).by_slug("new-chain") is None
    with committed.transaction(None) as session:
        assert session.scalar(text("select to_regnamespace('t_new_chain')")) is None


@pytest.mark.usefixtures("clean")
def test_what_the_connection_of_a_new_chain_has_kept_slows_no_other_one_down(committed):
    used = []

    def note(session, _pack):
        used.append(session.scalar(text("select pg_backend_pid()")))
        raise RuntimeError("enough")

    for _ in range(3):
        with pytest.raises(RuntimeError, match="enough"):
            provisioning.create(committed, NEW, base_domain="localhost", seeders=[note])
    with committed.transaction(None) as session:
        used.append(session.scalar(text("select pg_backend_pid()")))
    assert len(set(used)) == 4
