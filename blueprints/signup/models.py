"""Who wants to sign up."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import SharedBase


class SignUp(SharedBase):
    """A chain that somebody wants, and the address that a link was sent to. It reserves nothing.

    The link's token is signed and holds the id. With `order_id` the address was checked and the chain ordered.
    """

    __tablename__ = "sign_ups"
    __table_args__ = (
        Index("ix_sign_ups_email_asked_at", "email", "asked_at"),
        Index("ix_sign_ups_asked_at", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    asked: Mapped[dict[str, Any]]
    """What the chain is said to be: the fields of provisioning.NewTenant."""
    locale: Mapped[str]
    """The language of the page that was filled in, which the mail is written in too."""
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    order_id: Mapped[UUID | None]
