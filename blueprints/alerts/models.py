"""Alerts, who has read them, the channels they go out through, and each delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.alerts.rules import KINDS, LEVELS
from shopbell.db import TenantBase
from shopbell.vault.columns import Sealed

STATES = ("waiting", "sent", "failed")
ADDRESS = Sealed("alert_channels", "address", always=True)
SEALED = (ADDRESS,)


class Alert(TenantBase):
    """Something that happened, `times` since `created_at`. It concerns whoever may know of its topic at its branch, in
    the whole chain where there is none, or `user_id` alone. `facts` are what its sentence needs: names of our own
    things, numbers, and ids; nothing of a customer's."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_topic_branch_id_user_id_last_at", "topic", "branch_id", "user_id", "last_at"),
        Index("ix_alerts_last_at", "last_at"),
        Index("ix_alerts_user_id", "user_id", postgresql_where=text("user_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str]
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    facts: Mapped[dict[str, Any]]
    times: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]


class AlertRead(TenantBase):
    """Somebody has read an alert, as it was when it had happened so many times."""

    __tablename__ = "alert_reads"
    __table_args__ = (Index("ix_alert_reads_alert_id", "alert_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True)
    times: Mapped[int]


class AlertChannel(TenantBase):
    """A way out for some topics: of the chain, a region, a branch, or one user's own. `locale` is the language it is
    told in. The address is a secret, and is only ever shown in part."""

    __tablename__ = "alert_channels"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"level in {LEVELS}", name="level"),
        CheckConstraint(
            "(level = 'region') = (region_id is not null) and (level = 'branch') = (branch_id is not null) "
            "and (level = 'user') = (user_id is not null)",
            name="place",
        ),
        Index("ix_alert_channels_user_id", "user_id", postgresql_where=text("user_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    level: Mapped[str]
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(server_default=text("''"))
    locale: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text))
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]


class AlertDelivery(TenantBase):
    """One alert for one channel."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        Index("uq_alert_deliveries_alert_id_channel_id", "alert_id", "channel_id", unique=True),
        Index("ix_alert_deliveries_channel_id_id", "channel_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("alert_channels.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    error: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
