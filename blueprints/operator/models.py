"""Who runs the installation, where they are signed in, and what they did. Kept in the directory, on `main`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import SharedBase
from shopbell.throttle import Attempt

ROLES = ("operator", "observer")


class Operator(SharedBase):
    """Somebody who runs the installation. Nobody signs in without a code from their phone.

    The secret it makes codes from is sealed, and counts once a code of it was shown; `last_step` is the half minute of
    the latest code that was taken.
    """

    __tablename__ = "operators"
    __table_args__ = (CheckConstraint(f"role in {ROLES}", name="role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[str]
    totp_confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]


class OperatorSession(SharedBase):
    """A browser whose password was right; before `proved_at` it has yet to show a code, and opens nothing. The cookie
    holds the token, the table its hash."""

    __tablename__ = "operator_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, server_default=text("gen_random_uuid()"))
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("shared.operators.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(server_default=text("''"))
    agent: Mapped[str] = mapped_column(server_default=text("''"))
    proved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OperatorRecoveryCode(SharedBase):
    """A code that opens the account once when the phone is gone; its place among the codes is its first character."""

    __tablename__ = "operator_recovery_codes"

    operator_id: Mapped[UUID] = mapped_column(ForeignKey("shared.operators.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    code_hash: Mapped[str]


class OperatorAttempt(Attempt, SharedBase):
    """A wrong guess."""

    __tablename__ = "operator_attempts"
    __table_args__ = (
        Index("ix_operator_attempts_subject_at", "subject", "at"),
        Index("ix_operator_attempts_address_at", "address", "at"),
        Index("ix_operator_attempts_at", "at"),
    )


class OperatorRecord(SharedBase):
    """Something that was done with the installation: never changed, and kept when the tenant it concerns is erased.

    `who` and `tenant` are what they were called then; `what` is one of rules.RECORDED.
    """

    __tablename__ = "operator_records"
    __table_args__ = (
        Index("ix_operator_records_tenant_id_id", "tenant_id", "id"),
        Index("ix_operator_records_operator_id_id", "operator_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operator_id: Mapped[UUID | None]
    who: Mapped[str]
    what: Mapped[str]
    tenant_id: Mapped[UUID | None]
    tenant: Mapped[str] = mapped_column(server_default=text("''"))
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    address: Mapped[str] = mapped_column(server_default=text("''"))
