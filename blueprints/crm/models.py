"""Customers. Two people may share a phone (a mother and her child), so a person is a phone and a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
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


class Consent(TenantBase):
    """What a customer said about being written to, for a purpose over a channel; only ever added, the last one holds.

    `source` is where it was said, `words` the sentence that was agreed to, as it was read, and `version` its number.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(f"purpose in {rules.CONSENT_PURPOSES}", name="purpose"),
        CheckConstraint(f"channel in {rules.CONSENT_CHANNELS}", name="channel"),
        CheckConstraint(f"source in {rules.CONSENT_SOURCES}", name="source"),
        Index("ix_consents_customer_id_purpose_channel_id", "customer_id", "purpose", "channel", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    channel: Mapped[str]
    given: Mapped[bool]
    at: Mapped[datetime]
    source: Mapped[str]
    words: Mapped[str] = mapped_column(server_default=text("''"))
    version: Mapped[int] = mapped_column(server_default=text("0"))
    locale: Mapped[str] = mapped_column(server_default=text("''"))
    branch_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    """Who of the staff wrote it down."""
