"""Customers. Two people may share a phone (a mother and her child), so a person is a phone and a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase

# Byte order: an index in it serves prefixes and pages alike, whatever language the database speaks.
BY_BYTES = Text(collation="C")


class Customer(TenantBase):
    """`name_key` is the name without case, accents and spaces: what two spellings of one name share.

    `given_key` is the same with the last word first: Vietnamese people are called by the last part of their name.
    """

    __tablename__ = "customers"
    __table_args__ = (
        Index("uq_customers_phone_name_key", "phone", "name_key", unique=True),
        Index("ix_customers_name_key_id", "name_key", "id"),
        Index("ix_customers_given_key", "given_key"),
        Index("ix_customers_email", text("lower(email)")),
        Index("ix_customers_phone_backwards", text("reverse(phone)")),
        Index("ix_customers_members", text("(-tier)"), "name_key", "id", postgresql_where=text("tier > 0")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(BY_BYTES)
    given_key: Mapped[str] = mapped_column(BY_BYTES)
    phone: Mapped[str] = mapped_column(BY_BYTES)
    email: Mapped[str | None]
    locale: Mapped[str]
    notes: Mapped[str] = mapped_column(server_default=text("''"))
    tier: Mapped[int] = mapped_column(server_default=text("0"))
    """0 for everybody; a higher one opens the windows kept for it."""
    created_at: Mapped[datetime]
