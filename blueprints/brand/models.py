"""How a chain looks, what it looked like before, and the texts its customers agree to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class Brand(TenantBase):
    """What customers see now. `css` is computed from the colours when they are published, so that no page pays for
    contrast arithmetic. `accent` is empty where links have the colour of the band, `languages` where all are spoken.
    """

    __tablename__ = "brand"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    display_name: Mapped[str]
    colour: Mapped[str]
    accent: Mapped[str] = mapped_column(server_default=text("''"))
    css: Mapped[str]
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    logo_type: Mapped[str | None]
    logo_id: Mapped[UUID | None] = mapped_column(ForeignKey("brand_logos.id"))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """rules.Look.texts"""
    embed_origins: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The web sites that may show the booking pages in a frame, as origins: https://www.example.com"""
    updated_at: Mapped[datetime]


class BrandLogo(TenantBase):
    """A picture that somebody uploaded, never changed: the chain's, a region's or a branch's, now or earlier."""

    __tablename__ = "brand_logos"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str]
    created_at: Mapped[datetime]


class BrandVersion(TenantBase):
    """A look that was published or, without `published_at`, the one draft of the chain. `look` is rules.Look.json."""

    __tablename__ = "brand_versions"
    __table_args__ = (
        Index(
            "uq_brand_versions_draft",
            text("(published_at is null)"),
            unique=True,
            postgresql_where=text("published_at is null"),
        ),
        Index("ix_brand_versions_published_at", "published_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    look: Mapped[dict[str, Any]] = mapped_column(JSONB)
    logo_id: Mapped[UUID | None] = mapped_column(ForeignKey("brand_logos.id"))
    author: Mapped[str] = mapped_column(server_default=text("''"))
    """Who made it, by the name they had then."""
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class LegalText(TenantBase):
    """A version of an imprint, of how personal data are handled, or of the terms; never changed.

    `texts` has the Markdown by language; a version without any takes the page down. `asks`: customers agree to it
    before they book.
    """

    __tablename__ = "legal_texts"
    __table_args__ = (
        CheckConstraint("kind in ('imprint', 'privacy', 'terms')", name="kind"),
        UniqueConstraint("kind", "version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    version: Mapped[int]
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)
    valid_from: Mapped[date]
    asks: Mapped[bool]
    author: Mapped[str]
    published_at: Mapped[datetime]


OCCASIONS = ("booking", "wish", "walk_in", "account")


class LegalAgreement(TenantBase):
    """Which version a customer agreed to, when, on which occasion, and in which language it was shown.

    With a booking it is `booking_id`'s; otherwise `subject_id` is the wish, the walk-in or the customer. `told_by` says
    so, by the name it had then: somebody of the staff who told the customer of it, or a program whose customer agreed
    there. Without it the customer ticked a box of ours.
    """

    __tablename__ = "legal_agreements"
    __table_args__ = (
        CheckConstraint(f"occasion in {OCCASIONS}", name="occasion"),
        CheckConstraint("(occasion = 'booking') = (booking_id is not null)", name="booking"),
        CheckConstraint("(booking_id is null) = (subject_id is not null)", name="subject"),
        UniqueConstraint("booking_id", "legal_text_id"),
        UniqueConstraint("subject_id", "legal_text_id"),
        Index("ix_legal_agreements_customer_id", "customer_id"),
        Index("ix_legal_agreements_legal_text_id", "legal_text_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    occasion: Mapped[str] = mapped_column(server_default=text("'booking'"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    subject_id: Mapped[UUID | None]
    legal_text_id: Mapped[UUID] = mapped_column(ForeignKey("legal_texts.id"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    locale: Mapped[str]
    told_by: Mapped[str] = mapped_column(server_default=text("''"))
    agreed_at: Mapped[datetime]
