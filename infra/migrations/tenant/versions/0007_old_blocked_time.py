"""old blocked time

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 04:32:00.104211

Housekeeping finds old blocked time without looking at every appointment.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.create_index("ix_bookings_blocked", "bookings", ["ends_at"], postgresql_where=sa.text("service_id is null"))
    op.create_index("ix_series_first_starts_at", "series", ["first_starts_at"])
    op.create_index("ix_walk_ins_arrived_at", "walk_ins", ["arrived_at"])


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.drop_index("ix_walk_ins_arrived_at", "walk_ins")
    op.drop_index("ix_series_first_starts_at", "series")
    op.drop_index("ix_bookings_blocked", "bookings")
