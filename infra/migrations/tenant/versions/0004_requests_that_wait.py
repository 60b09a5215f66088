"""requests that wait

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22 03:50:00

Every desk counts, with each exchange, the requests that wait for an answer on whatever day.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.create_index(
        "ix_bookings_branch_id_created_at",
        "bookings",
        ["branch_id", "created_at"],
        postgresql_where=sa.text("status = 'requested'"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.drop_index("ix_bookings_branch_id_created_at", "bookings")
