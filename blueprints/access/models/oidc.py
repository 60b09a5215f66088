"""Identity providers at which staff of the chain prove who they are, and whom each of them knows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase

PURPOSES = ("sign_in", "test")


class IdentityProvider(TenantBase):
    """A provider of the chain's own. The secret is sealed.

    An `exclusive` one leaves no other way in, but for the `rescue` account, whose password is still taken.
    """

    __tablename__ = "identity_providers"
    __table_args__ = (
        CheckConstraint("session_hours between 1 and 168", name="session_hours"),
        CheckConstraint("not exclusive or (active and rescue_id is not null)", name="rescue"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    secret: Mapped[str]
    scopes: Mapped[str] = mapped_column(server_default=text("''"))
    groups_claim: Mapped[str] = mapped_column(server_default=text("'groups'"))
    session_hours: Mapped[int] = mapped_column(server_default=text("12"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    exclusive: Mapped[bool] = mapped_column(server_default=text("false"))
    rescue_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    tested_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ProviderRole(TenantBase):
    """A role for everybody in a group of the provider's: at a branch, in a region, or, with neither, for the chain."""

    __tablename__ = "provider_roles"
    __table_args__ = (
        CheckConstraint("num_nonnulls(region_id, branch_id) <= 1", name="place"),
        UniqueConstraint(
            "provider_id", "group_name", "role_id", "region_id", "branch_id", postgresql_nulls_not_distinct=True
        ),
        Index("ix_provider_roles_role_id", "role_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_providers.id", ondelete="CASCADE"))
    group_name: Mapped[str]
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id", ondelete="CASCADE"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))


class Identity(TenantBase):
    """Whose account somebody's is who proved themselves to an issuer. A subject means nothing at another issuer."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("user_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    linked_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class ProviderVisit(TenantBase):
    """A browser that was sent to a provider and has yet to come back: once, within minutes, to where it started.

    Known by the hash of the state it carries. `user_id` is who tries a connection out.
    """

    __tablename__ = "provider_visits"
    __table_args__ = (CheckConstraint(f"purpose in {PURPOSES}", name="purpose"),)

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_providers.id", ondelete="CASCADE"), index=True)
    browser_hash: Mapped[str]
    purpose: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
