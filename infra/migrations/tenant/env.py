"""Alembic's environment for tenant schemas; the caller's search_path says which tenant."""

from __future__ import annotations

from alembic import context

from blueprints.registry import load_models
from shopbell.db import TenantBase
from tenants.migrate import run_environment

load_models()
run_environment(context, TenantBase.metadata, version_schema=None)
