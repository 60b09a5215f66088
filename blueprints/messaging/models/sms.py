"""A chain's own accounts with providers, what people answered, and what providers say of messages by other names."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import SharedBase, TenantBase
from shopbell.sms_providers import PROVIDERS
from shopbell.vault.columns import Sealed

KEYWORDS = ("confirm", "refuse", "stop", "start")
SMS_SECRET = Sealed("sms_accounts", "secret", always=True)
INBOUND_NUMBER = Sealed("inbound_messages", "number", always=True)
INBOUND_BODY = Sealed("inbound_messages", "body", always=True)


class OwnSmsAccount(TenantBase):
    """An account that the chain has itself with a provider; the columns mean what they do in `SmsProvider`.

    `hook` is the part of its callback address that nobody can guess. `prices` are millionths of `currency` for a part.
    """

    __tablename__ = "sms_accounts"
    __table_args__ = (
        CheckConstraint(f"provider in {PROVIDERS}", name="provider"),
        CheckConstraint("rate >= 0", name="rate"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    provider: Mapped[str]
    label: Mapped[str]
    identity: Mapped[str]
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender: Mapped[str]
    base: Mapped[str]
    hook: Mapped[str] = mapped_column(unique=True)
    addresses: Mapped[list[str]] = mapped_column(ARRAY(Text))
    prefixes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    options: Mapped[dict[str, Any]]
    prices: Mapped[dict[str, Any]]
    currency: Mapped[str]
    rate: Mapped[int]
    position: Mapped[int] = mapped_column(SmallInteger)
    enabled: Mapped[bool]
    created_at: Mapped[datetime]


class InboundMessage(TenantBase):
    """A text that somebody sent us. A repeat has the same `account` and `ref`.

    `number_key` is the blind index of its number, as messages have it. `message_id` is the last message that had gone
    to the number, and customer, branch and appointment are that message's. `keyword` is what it says, when it says
    just one thing that everybody means alike.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        CheckConstraint(f"keyword in {KEYWORDS}", name="keyword"),
        Index("uq_inbound_messages_account_ref", "account", "ref", unique=True),
        Index("ix_inbound_messages_number_key_id", "number_key", "id"),
        Index("ix_inbound_messages_branch_id_id", "branch_id", "id"),
        Index("ix_inbound_messages_customer_id", "customer_id"),
        Index("ix_inbound_messages_booking_id", "booking_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str]
    ref: Mapped[str]
    at: Mapped[datetime]
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_key: Mapped[int] = mapped_column(BigInteger)
    recipient: Mapped[str]
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    keyword: Mapped[str | None]
    message_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="SET NULL"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))


class SmsRef(SharedBase):
    """Whose message a provider means by a reference: for receipts that do not carry ours.

    An account of the installation serves every chain, so nothing else says which one it is. A long message has one
    reference for each part; `status` is what was last said of the part. `number_mark` is a keyed hash of the
    recipient's number: two spellings of a reference may mean two messages.
    """

    __tablename__ = "sms_refs"
    __table_args__ = (
        Index("ix_sms_refs_account_ref", "account", "ref"),
        Index("ix_sms_refs_account_number_mark_id", "account", "number_mark", "id"),
        Index("ix_sms_refs_message_id", "message_id"),
        Index("ix_sms_refs_tenant_id_at", "tenant_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    message_id: Mapped[UUID]
    account: Mapped[str]
    ref: Mapped[str]
    number_mark: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(server_default=text("'sent'"))
    at: Mapped[datetime]


class UnmatchedReceipt(SharedBase):
    """A receipt for a reference that nobody knew: it was faster than the answer, or the answer never came."""

    __tablename__ = "sms_unmatched_receipts"
    __table_args__ = (
        Index("ix_sms_unmatched_receipts_account_ref", "account", "ref"),
        Index("ix_sms_unmatched_receipts_account_number_mark", "account", "number_mark"),
        Index("ix_sms_unmatched_receipts_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str]
    ref: Mapped[str]
    number_mark: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str]
    detail: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class SmsHealth(SharedBase):
    """How much of an account's messages it is trusted with at the moment, in hundredths, and since when and why."""

    __tablename__ = "sms_health"
    __table_args__ = (CheckConstraint("share between 0 and 100", name="share"),)

    account: Mapped[str] = mapped_column(primary_key=True)
    share: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int]
    reason: Mapped[str]
    changed_at: Mapped[datetime]


class SmsTally(SharedBase):
    """What one process saw of an account in one minute, so that all know of it and none waits for another."""

    __tablename__ = "sms_tallies"
    __table_args__ = (Index("ix_sms_tallies_minute", "minute"),)

    account: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    process: Mapped[UUID] = mapped_column(primary_key=True)
    taken: Mapped[int] = mapped_column(server_default=text("0"))
    troubled: Mapped[int] = mapped_column(server_default=text("0"))
    slow: Mapped[int] = mapped_column(server_default=text("0"))
