"""Customers. Two people may share a phone (a mother and her child), so a person is a phone and a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.crm import rules
from shopbell.db import TenantBase
from shopbell.vault.columns import Blind, Sealed

# Byte order: an index in it serves prefixes and pages alike, whatever language the database speaks.
BY_BYTES = Text(collation="C")

WHOLE = Blind("phone_key")
ENDING = Blind("phone_ending", rules.ending)
ADDRESS = Blind("email_key", str.lower)
PHONE = Sealed("customers", "phone", blind=(WHOLE, ENDING))
EMAIL = Sealed("customers", "email", blind=(ADDRESS,))
NOTES = Sealed("customers", "notes", empty="")
SEALED = (PHONE, EMAIL, NOTES)


class Customer(TenantBase):
    """`name_key` is the name without case, accents and spaces: what two spellings of one name share.

    `given_key` is the same with the last word first: Vietnamese people are called by the last part of their name.
    Phone, e-mail address and notes are sealed (decision 27); the columns in clear are those of the release before.
    """

    __tablename__ = "customers"
    __table_args__ = (
        Index("uq_customers_phone_name_key", "phone", "name_key", unique=True),
        Index("uq_customers_phone_key_name_key", "phone_key", "name_key", unique=True),
        Index("ix_customers_phone_ending", "phone_ending"),
        Index("ix_customers_email_key", "email_key", postgresql_where=text("email_key is not null")),
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
    phone: Mapped[str | None] = mapped_column(BY_BYTES)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_key: Mapped[int | None] = mapped_column(BigInteger)
    phone_ending: Mapped[int | None] = mapped_column(BigInteger)
    """Blind indexes of the number and of its last digits."""
    email: Mapped[str | None]
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_key: Mapped[int | None] = mapped_column(BigInteger)
    locale: Mapped[str]
    notes: Mapped[str] = mapped_column(server_default=text("''"))
    notes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    tier: Mapped[int] = mapped_column(server_default=text("0"))
    """0 for everybody; a higher one opens the windows kept for it."""
    created_at: Mapped[datetime]
