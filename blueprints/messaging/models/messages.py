"""Every message, its text, its state and what the providers said; and every step of it, for whoever asks why."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.messaging.gate.stops import ALL, CAUSES
from blueprints.messaging.rules import CHANNELS, PURPOSES, STATES, STEPS
from shopbell.db import TenantBase
from shopbell.vault.columns import Blind, Sealed

ADDRESS_KEY = Blind("recipient_key", str.lower)
"""Of a number in E.164, or a mailbox however it is capitalised: the same wherever addresses are compared."""
RECIPIENT = Sealed("messages", "recipient", empty="", blind=(ADDRESS_KEY,))
RECIPIENT_NAME = Sealed("messages", "recipient_name", empty="")
SUBJECT = Sealed("messages", "subject", empty="")
BODY = Sealed("messages", "body", empty="")
HTML = Sealed("messages", "html", long=True)
CALENDAR = Sealed("messages", "calendar")
VARIABLES = Sealed("messages", "variables", always=True, encode=json.dumps, decode=json.loads)
"""What fills the gaps of a text message, by name, for providers that take a template's code and its values."""
LETTER = (RECIPIENT, RECIPIENT_NAME, SUBJECT, BODY, HTML, CALENDAR)
FORGOTTEN: dict[str, Any] = {"body": "", "html": None} | dict.fromkeys(
    ("body_sealed", "html_sealed", "variables_sealed")
)
"""What becomes of a secret once it opens nothing any more."""


class Message(TenantBase):
    """A message to one person over one channel.

    `attempt_token` names the attempt that may report back; `claimed_at` says when it began. `unknown_at` stays after a
    doubt is settled, so that every message that was ever in doubt can be found. `resends` counts e-mails sent again
    although the first copy may have arrived. After `expires_at` a message is not worth sending any more.

    `branch_id` is the branch whose message it is, None for the chain's own. `account` names the provider account that
    took it. `cost_micros` is in millionths of the currency's unit: an estimate while it is on its way, then what it
    cost. `reason` is the code of why it was dropped or failed; `provider_error` is what was said about it.

    What it says and to whom is sealed (decision 27): read it by `queries.opened`. `recipient_key` is the blind index
    of the address, in clear chains too.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"purpose in {PURPOSES}", name="purpose"),
        CheckConstraint("state <> 'sending' or (attempt_token is not null and claimed_at is not null)", name="attempt"),
        Index("ix_messages_booking_id", "booking_id"),
        Index("ix_messages_customer_id", "customer_id"),
        Index("ix_messages_branch_id_id", "branch_id", "id"),
        Index("ix_messages_recipient_key_id", "recipient_key", "id"),
        # Not unique: two accounts may call two messages alike, and a message centre counts anew after its restart.
        Index(
            "ix_messages_sms_provider_ref",
            "provider_ref",
            postgresql_where=text("channel = 'sms' and provider_ref is not null"),
        ),
        Index(
            "ix_messages_open_state",
            "state",
            "created_at",
            postgresql_where=text("state in ('queued', 'sending', 'unknown', 'failed')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="SET NULL"))
    template: Mapped[str]
    template_version_id: Mapped[UUID | None]
    purpose: Mapped[str] = mapped_column(server_default=text("'transactional'"))
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("20"))
    channel: Mapped[str]
    locale: Mapped[str]
    recipient: Mapped[str]
    recipient_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recipient_key: Mapped[int | None] = mapped_column(BigInteger)
    recipient_name: Mapped[str] = mapped_column(server_default=text("''"))
    recipient_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender_name: Mapped[str] = mapped_column(server_default=text("''"))
    subject: Mapped[str] = mapped_column(server_default=text("''"))
    subject_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[str]
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    html: Mapped[str | None]
    html_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    calendar: Mapped[str | None]
    calendar_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    variables_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    segments: Mapped[int] = mapped_column(server_default=text("0"))
    encoding: Mapped[str | None]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    resends: Mapped[int] = mapped_column(server_default=text("0"))
    attempt_token: Mapped[UUID | None]
    account: Mapped[str | None]
    provider_ref: Mapped[str | None]
    provider_error: Mapped[str | None]
    reason: Mapped[str | None]
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    unknown_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]


class MessageEvent(TenantBase):
    """One step of a message: what was decided, tried, answered or done by a person. Only ever added.

    It carries no foreign key: checking one for every step would cost more than writing the steps does, and a step
    whose message was erased with its chain goes with it. `detail` holds codes and figures, and no personal data.
    """

    __tablename__ = "message_events"
    __table_args__ = (
        CheckConstraint(f"kind in {STEPS}", name="kind"),
        Index("ix_message_events_message_id_id", "message_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    account: Mapped[str | None]
    detail: Mapped[dict[str, Any]]


class Suppression(TenantBase):
    """An address that is not written to any more over a channel, for one purpose or for all, until it is lifted.

    Only its blind index is kept: that outlives the customer, whose wish it was, and tells nobody who that is.
    """

    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint(f"purpose in {(ALL, *PURPOSES)}", name="purpose"),
        CheckConstraint(f"cause in {tuple(CAUSES)}", name="cause"),
        Index(
            "uq_suppressions_address_key_channel_purpose",
            "address_key",
            "channel",
            "purpose",
            unique=True,
            postgresql_where=text("lifted_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address_key: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str]
    purpose: Mapped[str]
    cause: Mapped[str]
    detail: Mapped[str] = mapped_column(server_default=text("''"))
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(server_default=text("''"))


class MessageBudget(TenantBase):
    """What a branch's messages of a month take of its budget, in millionths of the currency's unit.

    `branch_id` is the nil id for what the chain writes itself. `told_percent` is the last mark that was told of.
    """

    __tablename__ = "message_budgets"

    branch_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    reserved_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    spent_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    told_percent: Mapped[int] = mapped_column(server_default=text("0"))


class BudgetReservation(TenantBase):
    """What a message on its way has reserved; gone once it is known what it cost."""

    __tablename__ = "budget_reservations"
    __table_args__ = (Index("ix_budget_reservations_reserved_at", "reserved_at"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID]
    month: Mapped[date]
    currency: Mapped[str]
    micros: Mapped[int] = mapped_column(BigInteger)
    reserved_at: Mapped[datetime]
