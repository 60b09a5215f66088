"""Reads of a chain's sender of e-mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.domains.models import PRIVATE_KEY, MailCheck, MailDomain, MailKey
from blueprints.domains.rules import Record, records
from shopbell.dkim import Signer
from shopbell.vault import keys


@dataclass(frozen=True)
class MailSender:
    """In whose name a chain's mail goes out, and what signs it."""

    address: str
    signers: tuple[Signer, ...]


@dataclass(frozen=True)
class MailView:
    """A chain's domain for mail as head office sees it. `findings` are {"state", "seen"} by a record's `finding`;
    `seen` are the keys that sign."""

    domain: str
    mailbox: str
    records: tuple[Record, ...]
    findings: Mapping[str, Mapping[str, str]]
    seen: frozenset[UUID]
    since: datetime
    tries: int
    checked_at: datetime | None

    @property
    def address(self) -> str:
        return f"{self.mailbox}@{self.domain}"


def mail_sender(session: Session) -> MailSender | None:
    """The chain's own sender, once a key of it was found in the DNS; in one query."""
    columns = (MailDomain.domain, MailDomain.mailbox, MailKey.id, MailKey.selector, MailKey.private_key_sealed)
    statement = select(*columns).join(MailKey, MailKey.mail_domain_id == MailDomain.id)
    rows = session.execute(statement.where(MailKey.seen_at.is_not(None)).order_by(MailKey.id)).all()
    if not rows:
        return None
    signers = tuple(_signer(session, row.domain, row.id, row.selector, row.private_key_sealed) for row in rows)
    return MailSender(f"{rows[0].mailbox}@{rows[0].domain}", signers)


def mail_view(session: Session) -> MailView | None:
    """The domain with its keys' records and what was found of them."""
    columns = (MailDomain.domain, MailDomain.mailbox, MailCheck.findings, MailCheck.since, MailCheck.tries)
    statement = select(*columns, MailCheck.checked_at).join(MailCheck, MailCheck.mail_domain_id == MailDomain.id)
    found = session.execute(statement).first()
    if found is None:
        return None
    rows = session.scalars(select(MailKey).order_by(MailKey.id)).all()
    signing = [
        (row.id, row.algorithm, _signer(session, found.domain, row.id, row.selector, row.private_key_sealed))
        for row in rows
    ]
    return MailView(
        domain=found.domain,
        mailbox=found.mailbox,
        records=tuple(records(found.domain, signing)),
        findings=found.findings,
        seen=frozenset(row.id for row in rows if row.seen_at),
        since=found.since,
        tries=found.tries,
        checked_at=found.checked_at,
    )


def signers(session: Session) -> dict[UUID, Signer]:
    """All keys of the domain, those not found yet too."""
    statement = select(MailDomain.domain, MailKey.id, MailKey.selector, MailKey.private_key_sealed)
    rows = session.execute(statement.join(MailKey, MailKey.mail_domain_id == MailDomain.id).order_by(MailKey.id))
    return {row.id: _signer(session, row.domain, row.id, row.selector, row.private_key_sealed) for row in rows}


def _signer(session: Session, domain: str, key_id: UUID, selector: str, sealed: bytes | None) -> Signer:
    private = keys.at_hand(session).open(PRIVATE_KEY, key_id, sealed or b"")
    return Signer(domain, selector, private)
