"""Branches with their hours, services with their steps, skills, rooms and devices.

Minutes are minutes of the branch's local day, 0 to 1440. Texts for people are JSON objects from locale to text.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase

RESOURCE_IDS = Sequence("resource_ids", metadata=TenantBase.metadata)
"""Numbers for everything that can be allocated (people, rooms, devices): the no-overlap constraint is over them."""


class Region(TenantBase):
    """A part of the chain between head office and its branches."""

    __tablename__ = "regions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(server_default=text("0"))


class Branch(TenantBase):
    __tablename__ = "branches"
    __table_args__ = (
        Index("ix_branches_region_id", "region_id"),
        CheckConstraint("holiday_calendar in ('', 'CN', 'VN')", name="holiday_calendar"),
        CheckConstraint("holiday_hours in ('usual', 'closed', 'sunday')", name="holiday_hours"),
        CheckConstraint("makeup_hours in ('usual', 'monday')", name="makeup_hours"),
    )

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
    vip_phone: Mapped[str] = mapped_column(server_default=text("''"))
    """A line of their own for priority customers; empty when there is none."""
    holiday_calendar: Mapped[str] = mapped_column(server_default=text("''"))
    """The official calendar the branch follows: CN, VN or none."""
    holiday_hours: Mapped[str] = mapped_column(server_default=text("'usual'"))
    makeup_hours: Mapped[str] = mapped_column(server_default=text("'usual'"))
    """On a working day that makes up for a holiday: the usual hours of its weekday, or those of a Monday."""
    hours_text: Mapped[str] = mapped_column(server_default=text("''"))
    """Hours as they were written, in the way of OpenStreetMap; empty when they were entered day by day."""
    hours_text_until: Mapped[date | None]
    """The last day for which the text has been worked out."""
    door_code: Mapped[str] = mapped_column(server_default=text("''"))
    """What the code on the door says, so that only somebody who stands there checks in or takes a ticket."""
    position: Mapped[int] = mapped_column(server_default=text("0"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id"))


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
    from_text: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it follows from the branch's `hours_text`, and goes when that changes."""


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
    buffer_before_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    buffer_after_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    """Time for setting up and clearing away, which what the first and the last step take is kept for."""
    needs_approval: Mapped[bool] = mapped_column(server_default=text("false"))


class ServiceOption(TenantBase):
    """A variant (one of them is chosen: short, long hair) or an add-on (any of them) of a service.

    It adds its price, which may be negative, and its minutes to steps: `step_minutes` maps a step's position to the
    minutes added. Steps that carry its id take part only when it is chosen.
    """

    __tablename__ = "service_options"
    __table_args__ = (
        CheckConstraint("kind in ('variant', 'addon')", name="kind"),
        Index("ix_service_options_service_id", "service_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"))
    kind: Mapped[str]
    name: Mapped[dict[str, str]]
    price_minor: Mapped[int] = mapped_column(server_default=text("0"))
    step_minutes: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class BranchService(TenantBase):
    """How one branch differs in a service: not offered, longer or shorter, or at a price of its own."""

    __tablename__ = "branch_services"
    __table_args__ = (CheckConstraint("minutes_percent between 25 and 400", name="minutes_percent"),)

    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    offered: Mapped[bool] = mapped_column(server_default=text("true"))
    minutes_percent: Mapped[int] = mapped_column(server_default=text("100"))
    price_minor: Mapped[int | None]


class ServiceStep(TenantBase):
    """A step of a service. Without a skill nobody is busy: colour processes, a machine measures by itself.

    Steps of one `role` are done by one person, who has each step's skill at its `level` or above. Before a step the
    customer may wait up to `wait_minutes`. Of its room and device types it takes `room_count` and `device_count`.
    """

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
    option_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_options.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(server_default=text("'main'"))
    level: Mapped[int] = mapped_column(server_default=text("1"))
    room_count: Mapped[int] = mapped_column(server_default=text("1"))
    device_count: Mapped[int] = mapped_column(server_default=text("1"))
    wait_minutes: Mapped[int] = mapped_column(server_default=text("0"))


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
