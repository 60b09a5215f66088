"""What people prove themselves by besides their password, and what they tried in vain."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase
from shopbell.throttle import Attempt


class SignInAttempt(Attempt, TenantBase):
    """A failed attempt to prove who one is, kept for a while to slow down guessing by account and by address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_subject_at", "subject", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
        Index("ix_sign_in_attempts_at", "at"),
    )


class KnownBrowser(TenantBase):
    """A browser in which somebody has signed in before: nobody else's guesses can keep them out there."""

    __tablename__ = "known_browsers"
    __table_args__ = (Index("ix_known_browsers_address_used_at", "address", "used_at"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    address: Mapped[str]
    used_at: Mapped[datetime] = mapped_column(index=True)


class OneTimeLink(TenantBase):
    """A link sent to somebody by which they choose a password, once; the table holds the hash of its token."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInStep(TenantBase):
    """Somebody whose password was right, and who has yet to show a code from their phone."""

    __tablename__ = "sign_in_steps"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Totp(TenantBase):
    """The secret that somebody's phone makes codes from, sealed. It counts once a code of it was shown.

    `last_step` is the half minute of the latest code that was taken: none is taken twice.
    """

    __tablename__ = "totp"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str]
    last_step: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(TenantBase):
    """A code that opens the account once when the phone is gone; its place among the codes is its first character."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    code_hash: Mapped[str]
