"""Conversations with people who write back, and what was said in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.inbox.rules import DEEDS, KINDS, STATES
from shopbell.db import TenantBase
from shopbell.vault.columns import Sealed

NUMBER = Sealed("conversations", "number", always=True)
WORDS = Sealed("conversation_entries", "words", always=True)
SEALED = (NUMBER, WORDS)


class Conversation(TenantBase):
    """Everything between a number and a branch; without a branch it is the chain's.

    `number_key` is the blind index of the number, as messages have it. `unread` counts what came in since somebody
    looked. `assigned` is who has it, by the name they had then.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        Index(
            "uq_conversations_number_key_branch_id",
            "number_key",
            "branch_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_conversations_state_last_at_id", "state", "last_at", "id"),
        Index("ix_conversations_branch_id_state_last_at", "branch_id", "state", "last_at"),
        Index("ix_conversations_customer_id", "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id", ondelete="SET NULL"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    number_key: Mapped[int] = mapped_column(BigInteger)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    unread: Mapped[int] = mapped_column(server_default=text("0"))
    assigned_id: Mapped[UUID | None]
    assigned: Mapped[str] = mapped_column(server_default=text("''"))
    last_at: Mapped[datetime]


class Entry(TenantBase):
    """One thing that was said or done. `text_id` is the text that came in, so that it stands here once."""

    __tablename__ = "conversation_entries"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"done is null or done in {DEEDS}", name="done"),
        Index("ix_conversation_entries_conversation_id_id", "conversation_id", "id"),
        Index("uq_conversation_entries_text_id", "text_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    kind: Mapped[str]
    at: Mapped[datetime]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    author: Mapped[str] = mapped_column(server_default=text("''"))
    done: Mapped[str | None]
    text_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
