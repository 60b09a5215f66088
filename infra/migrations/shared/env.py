"""Alembic's environment for the shared schema."""

from __future__ import annotations

from alembic import context

from blueprints.registry import load_models
from shopbell.db import SharedBase
from tenants.migrate import run_environment

load_models()
run_environment(context, SharedBase.metadata, version_schema="shared")
