"""Branches with their hours, services with their steps, skills, rooms and devices.

Minutes are minutes of the branch's local day, 0 to 1440. Texts for people are JSON objects from locale to text.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase

RESOURCE_IDS = Sequence("resource_ids", metadata=TenantBase.metadata)
"""Numbers for everything that can be allocated (people, rooms, devices): the no-overlap constraint is over them."""


class Branch(TenantBase):
    __tablename__ = "branches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[dict[str, str]]
    address: Mapped[dict[str, str]]
    phone: Mapped[str]
    time_zone: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    is_open: Mapped[bool] = mapped_column(server_default=text("true"))
    slot_minutes: Mapped[int] = mapped_column(server_default=text("15"))
    lead_minutes: Mapped[int] = mapped_column(server_default=text("30"))
    horizon_days: Mapped[int] = mapped_column(server_default=text("60"))
    cancel_deadline_minutes: Mapped[int] = mapped_column(server_default=text("120"))
    position: Mapped[int] = mapped_column(server_default=text("0"))


class OpeningHours(TenantBase):
    """A span of a weekday (0 = Monday) in which the branch is open; several make a break."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("0 <= opens and opens < closes and closes <= 1440", name="span"),
        Index("ix_opening_hours_branch_id", "branch_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class OpeningException(TenantBase):
    """A day with hours of its own; without times it is closed. Replaces the weekday's hours."""

    __tablename__ = "opening_exceptions"
    __table_args__ = (
        CheckConstraint("(opens is null) = (closes is null)", name="both_or_none"),
        CheckConstraint("opens is null or (0 <= opens and opens < closes and closes <= 1440)", name="span"),
        Index("ix_opening_exceptions_branch_id_day", "branch_id", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    day: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    reason: Mapped[str] = mapped_column(server_default=text("''"))


class Skill(TenantBase):
    __tablename__ = "skills"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[dict[str, str]]


class Service(TenantBase):
    __tablename__ = "services"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]]
    category: Mapped[dict[str, str]]
    price_minor: Mapped[int]
    currency: Mapped[str]
    position: Mapped[int] = mapped_column(server_default=text("0"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class ServiceStep(TenantBase):
    """A step of a service. Without a skill nobody is busy: colour processes, a machine measures by itself."""

    __tablename__ = "service_steps"
    __table_args__ = (
        CheckConstraint("minutes between 5 and 720 and mod(minutes, 5) = 0", name="minutes"),
        Index("uq_service_steps_service_id_position", "service_id", "position", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[dict[str, str]]
    minutes: Mapped[int]
    skill_id: Mapped[UUID | None] = mapped_column(ForeignKey("skills.id"))
    room_type: Mapped[str | None]
    device_type: Mapped[str | None]


class Resource(TenantBase):
    """A room or a device of a branch."""

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("kind in ('room', 'device')", name="kind"),
        Index("ix_resources_branch_id", "branch_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(
        BigInteger, RESOURCE_IDS, server_default=RESOURCE_IDS.next_value(), unique=True
    )
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    kind: Mapped[str]
    type: Mapped[str]
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
