"""Texts that a chain writes itself, what providers said about texts, and short links."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.templates.rules.approval import STATES
from blueprints.templates.rules.wordings import CHANNELS, LOCALES
from shopbell.db import TenantBase


class TemplateVersion(TenantBase):
    """What a place (without region and branch: the chain) says on an occasion over a channel in a language.

    Without `published_at` it is the one draft; with it, nobody changes it any more, and the setting `templates.text`
    names the one that holds. `parts` has the pieces by name, `plain`: it leaves without accents. `digest` stands for
    its words; `default_digest` for those that the product had for it when it was written.
    """

    __tablename__ = "template_versions"
    __table_args__ = (
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint(f"locale in {LOCALES}", name="locale"),
        CheckConstraint("region_id is null or branch_id is null", name="one_place"),
        Index(
            "uq_template_versions_draft",
            "name",
            "channel",
            "locale",
            "region_id",
            "branch_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("published_at is null"),
        ),
        Index("ix_template_versions_text", "name", "channel", "locale", "published_at"),
        Index("ix_template_versions_digest", "digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    channel: Mapped[str]
    locale: Mapped[str]
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="CASCADE"))
    parts: Mapped[dict[str, str]] = mapped_column(JSONB)
    plain: Mapped[bool] = mapped_column(server_default=text("false"))
    digest: Mapped[str]
    default_digest: Mapped[str]
    author: Mapped[str] = mapped_column(server_default=text("''"))
    """Who wrote it, by the name they had then."""
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class TemplateApproval(TenantBase):
    """What a provider that sends no free text says about a text: one row for an account and the words themselves.

    Versions with the same words share it, the product's own among them. `body` is the text in the provider's notation,
    `variables` their names in the order in which they stand there. `code` is the provider's name for it.
    """

    __tablename__ = "template_approvals"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("state <> 'approved' or code <> ''", name="code"),
        CheckConstraint(f"locale in {LOCALES}", name="locale"),
        UniqueConstraint("account", "digest"),
        Index("uq_template_approvals_code", "account", "code", unique=True, postgresql_where=text("code <> ''")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str]
    name: Mapped[str]
    locale: Mapped[str]
    digest: Mapped[str]
    body: Mapped[str]
    variables: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(server_default=text("'draft'"))
    code: Mapped[str] = mapped_column(server_default=text("''"))
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    author: Mapped[str] = mapped_column(server_default=text("''"))
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class ShortLink(TenantBase):
    """A short address in a text message. The table knows neither the code nor, without it, where it leads.

    `target` is a path of the chain's own host, sealed under the code.
    """

    __tablename__ = "short_links"
    __table_args__ = (Index("ix_short_links_expires_at", "expires_at"),)

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    target: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    clicks: Mapped[int] = mapped_column(server_default=text("0"))
