"""People, their skills, their weekly rosters and the days that differ. Minutes are those of the branch's local day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Text, text
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


class PersonSkill(TenantBase):
    __tablename__ = "person_skills"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"), primary_key=True)


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
