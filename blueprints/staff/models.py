"""People, their skills, their weekly rosters and the days that differ. Minutes are those of the branch's local day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class Person(TenantBase):
    """Someone who serves customers. `resource_id` is the number under which their time is allocated."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(BigInteger, server_default=text("nextval('resource_ids')"), unique=True)
    name: Mapped[str]
    title: Mapped[dict[str, str]]
    bio: Mapped[dict[str, str]]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    home_branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    qualifications: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """What the profile page shows, newest first: {name: {locale: text}, issuer, year}."""


class PersonPhoto(TenantBase):
    __tablename__ = "person_photos"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes]
    type: Mapped[str]
    etag: Mapped[str]


class PersonService(TenantBase):
    """How one person differs in a service: does not give it, is faster or slower, or costs a price of their own."""

    __tablename__ = "person_services"
    __table_args__ = (CheckConstraint("minutes_percent between 25 and 400", name="minutes_percent"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    offered: Mapped[bool] = mapped_column(server_default=text("true"))
    minutes_percent: Mapped[int] = mapped_column(server_default=text("100"))
    price_minor: Mapped[int | None]


class BranchTravel(TenantBase):
    """Minutes that somebody needs from one branch to another; without a row it is estimated from the distance."""

    __tablename__ = "branch_travel"
    __table_args__ = (CheckConstraint("minutes between 0 and 720", name="minutes"),)

    from_branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"), primary_key=True)
    to_branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int]


class PersonSkill(TenantBase):
    """A skill and how well somebody has it: 1 to 3."""

    __tablename__ = "person_skills"
    __table_args__ = (CheckConstraint("level between 1 and 3", name="level"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(server_default=text("1"))


class RosterShift(TenantBase):
    """A weekly span of work at a branch (weekday 0 = Monday), from a date on and until one; both included."""

    __tablename__ = "roster_shifts"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("0 <= starts and starts < ends and ends <= 1440", name="span"),
        Index("ix_roster_shifts_branch_id", "branch_id"),
        Index("ix_roster_shifts_person_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class RosterException(TenantBase):
    """A day that differs. `leave` takes time away (the whole day when it has no times); `extra` adds a span."""

    __tablename__ = "roster_exceptions"
    __table_args__ = (
        CheckConstraint("kind in ('leave', 'extra')", name="kind"),
        CheckConstraint("(starts is null) = (ends is null)", name="both_or_none"),
        CheckConstraint("starts is null or (0 <= starts and starts < ends and ends <= 1440)", name="span"),
        CheckConstraint("kind = 'leave' or (starts is not null and branch_id is not null)", name="extra_has_place"),
        Index("ix_roster_exceptions_person_id_day", "person_id", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    day: Mapped[date]
    starts: Mapped[int | None]
    ends: Mapped[int | None]
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
