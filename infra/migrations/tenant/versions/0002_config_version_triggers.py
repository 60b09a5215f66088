"""config version triggers

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-21 22:00:00

Changing anything that availability depends on changes the configuration's version, on every path.
"""

from __future__ import annotations

from alembic import op

from shopbell.config_version import trigger_statements

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    "branches",
    "opening_hours",
    "opening_exceptions",
    "skills",
    "services",
    "service_steps",
    "resources",
    "people",
    "person_skills",
    "roster_shifts",
    "roster_exceptions",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    for statement in trigger_statements(TABLES):
        op.execute(statement)


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    for table in TABLES:
        op.execute(f"drop trigger touch_config_version on {table}")
    op.execute("drop function touch_config_version()")
    op.execute("delete from config_version")
