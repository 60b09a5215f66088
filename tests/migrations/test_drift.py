"""The migrations and the models say the same."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from blueprints.registry import load_models
from shopbell.db import SharedBase, TenantBase
from shopbell.tenancy import entered
from tenants import migrate, rollout


def test_the_shared_schema_is_what_its_models_say(committed):
    load_models()
    with committed.transaction(None) as session:
        assert migrate.drift(session.connection(), SharedBase.metadata) == []


def test_a_tenants_schema_is_what_its_models_say(committed, shop):
    load_models()
    with committed.transaction(shop.tenant) as session:
        assert migrate.drift(session.connection(), TenantBase.metadata) == []


def test_upgrading_what_is_up_to_date_changes_nothing(committed, shop):
    migrate.upgrade_shared(committed)
    assert not rollout.upgrade(committed, shop.tenant, rollout.newest()).changed


def test_a_tenant_stands_on_the_newest_revision_after_provisioning(committed, shop):
    with committed.transaction(shop.tenant) as session:
        assert migrate.current_revision(session, shop.tenant.schema) == migrate.head("tenant")


def test_the_tenant_tree_goes_down_and_up_again(committed):
    with committed.engine.connect() as connection, entered(None), connection.begin() as transaction:
        connection.execute(text("create schema down_and_up"))
        connection.execute(text("set local search_path to down_and_up"))
        config = migrate.configuration("tenant", connection=connection)
        command.upgrade(config, "head")
        command.downgrade(config, "base")
        left = connection.scalars(
            text(
                "select relname from pg_class where relnamespace = 'down_and_up'::regnamespace and relkind in ('r', 'S')"
            )
        ).all()
        assert left == ["alembic_version"]
        command.upgrade(config, "head")
        transaction.rollback()
