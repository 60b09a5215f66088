"""wished visits, and revisions of appointments

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-22 03:40:12.418332

A revision must work with the previous release: add first, remove one release later.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


# Calendars have been given the number of moves, and one more for a cancellation: they take no smaller one.
SO_FAR = "update bookings set revision = slot_version + 1 where slot_version > 0 or status = 'cancelled'"


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.add_column("bookings", sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("wishes", sa.Column("guests", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute(SO_FAR)


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.drop_column("wishes", "guests")
    op.drop_column("bookings", "revision")
