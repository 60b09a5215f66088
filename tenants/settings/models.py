"""What places say, and changes that somebody prepares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class SettingValue(TenantBase):
    """What a place says of a key, and of a subject of it, from a day on; without region and branch it is the chain.

    Not `own`: from that day on the place takes over what is said above it. Never changed: a new value of the same day
    is a new row, so that its id tells whether something is still as it was.
    """

    __tablename__ = "setting_values"
    __table_args__ = (
        CheckConstraint("region_id is null or branch_id is null", name="one_place"),
        Index(
            "uq_setting_values_place",
            "key",
            "subject",
            "region_id",
            "branch_id",
            "starts_on",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    subject: Mapped[str] = mapped_column(server_default=text("''"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    starts_on: Mapped[date | None]
    own: Mapped[bool] = mapped_column(server_default=text("true"))
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    locked: Mapped[bool] = mapped_column(server_default=text("false"))
    author_id: Mapped[UUID | None]
    author: Mapped[str] = mapped_column(server_default=text("''"))
    """Who said so, by the name they had then."""
    said_at: Mapped[datetime]


class SettingDraft(TenantBase):
    """Changes that somebody prepares: a list of what rules.Entry holds, with key, subject and place."""

    __tablename__ = "setting_drafts"
    __table_args__ = (
        CheckConstraint("state in ('open', 'published', 'discarded')", name="state"),
        Index("ix_setting_drafts_state_changed_at", "state", "changed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    author_id: Mapped[UUID | None]
    author: Mapped[str] = mapped_column(server_default=text("''"))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(server_default=text("''"))
