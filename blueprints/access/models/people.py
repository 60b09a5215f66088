"""Who works for the chain, and as what where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase

BUILT_IN = ("hq", "manager", "frontdesk")


class User(TenantBase):
    """A member of staff who signs in. What they may do is said by their role assignments.

    `role` and `branch_ids` are what the previous release goes by: nobody it has to know of has a right there.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(f"role in {BUILT_IN}", name="role"),
        Index("ix_users_name_id", "name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    role: Mapped[str] = mapped_column(server_default=text("'frontdesk'"))
    branch_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid), server_default=text("'{00000000-0000-0000-0000-000000000000}'")
    )
    locale: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]


class Role(TenantBase):
    """A named set of permissions. A built-in one has a key instead of a name, and the features say what it holds."""

    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint(f"key in {BUILT_IN}", name="key"),
        CheckConstraint("(key is null) = (name <> '')", name="name"),
        Index("uq_roles_name", text("lower(name)"), unique=True, postgresql_where=text("key is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default=text("''"))
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    requires_totp: Mapped[bool] = mapped_column(server_default=text("false"))


class RoleAssignment(TenantBase):
    """Somebody's role, at one branch, in one region, or, with neither, for the whole chain."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        CheckConstraint("num_nonnulls(region_id, branch_id) <= 1", name="place"),
        UniqueConstraint("user_id", "role_id", "region_id", "branch_id", postgresql_nulls_not_distinct=True),
        Index("ix_role_assignments_role_id", "role_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))


class AccountRecord(TenantBase):
    """What happened to an account, and who did it: never changed, shown to head office and to its owner."""

    __tablename__ = "account_records"
    __table_args__ = (Index("ix_account_records_user_id_at", "user_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    by_user_id: Mapped[UUID | None]
    what: Mapped[str]
    detail: Mapped[str] = mapped_column(server_default=text("''"))
    at: Mapped[datetime]
