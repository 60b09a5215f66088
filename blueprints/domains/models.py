"""The domain that a chain sends its mail from, and the keys that sign it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase
from shopbell.dkim import ALGORITHMS
from shopbell.vault.columns import Sealed

PRIVATE_KEY = Sealed("mail_keys", "private_key", always=True)
SEALED = (PRIVATE_KEY,)


class MailDomain(TenantBase):
    """The one domain in the From of a chain's mail, and the part before its @."""

    __tablename__ = "mail_domain"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    domain: Mapped[str]
    mailbox: Mapped[str]
    created_at: Mapped[datetime]


class MailCheck(TenantBase):
    """What the last look at the DNS found: `findings` are states of records by name. `since` is when somebody last
    asked for the search, and `tries` counts the looks from then on."""

    __tablename__ = "mail_check"

    mail_domain_id: Mapped[int] = mapped_column(
        ForeignKey("mail_domain.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]
    tries: Mapped[int]
    findings: Mapped[dict[str, Any]]
    checked_at: Mapped[datetime | None]


class MailKey(TenantBase):
    """A key that may sign mail. Only one whose record is in the DNS does, since `seen_at`: the record is also the proof
    that the domain is the chain's, since nobody else could have put it there."""

    __tablename__ = "mail_keys"
    __table_args__ = (
        CheckConstraint(f"algorithm in {ALGORITHMS}", name="algorithm"),
        UniqueConstraint("selector"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mail_domain_id: Mapped[int] = mapped_column(ForeignKey("mail_domain.id", ondelete="CASCADE"))
    selector: Mapped[str]
    algorithm: Mapped[str]
    private_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
