"""Customers who sign in: on the way there, and signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.account.rules import CHANNELS
from shopbell.db import TenantBase


class Proof(TenantBase):
    """A browser that asked for a code; its cookie holds the token, the table its hash.

    There is one whether or not anybody is known by the address, and `customer_ids` says who is. `code_hash` is keyed.
    `shown` is what was typed, masked. `email_hash` is set where an e-mail address was shown to be theirs: somebody for
    whom it is new shows their number as well, and `customer_id` is who that is.
    """

    __tablename__ = "customer_proofs"
    __table_args__ = (CheckConstraint(f"channel in {CHANNELS}", name="channel"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    shown: Mapped[str]
    customer_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str | None]
    email_hash: Mapped[str | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    proved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CustomerSession(TenantBase):
    """A browser in which a customer is signed in; the cookie holds the token, the table its hash."""

    __tablename__ = "customer_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    agent: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ConfirmedEmail(TenantBase):
    """The e-mail address that somebody who has the customer's number has shown to be theirs, as a keyed hash.

    Whoever books can write any address beside somebody else's number: by itself it opens nothing.
    """

    __tablename__ = "confirmed_emails"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    email_hash: Mapped[str]
    confirmed_at: Mapped[datetime]
