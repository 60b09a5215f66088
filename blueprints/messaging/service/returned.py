"""What came back about e-mails: a bounce fails the message and spares the address, a complaint ends advertising."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.messaging import queries
from blueprints.messaging.channels.returned import reports
from blueprints.messaging.channels.returned.values import Report
from blueprints.messaging.models import Message
from blueprints.messaging.service import changes, events, suppressions
from blueprints.messaging.service.events import Step
from shopbell import clock, ids, return_path, runtime
from shopbell.crypto import BadToken, Signer
from shopbell.db import Database
from shopbell.return_path import Returned
from shopbell.tenancy import TenantContext
from shopbell.vault.ring import ring

log = logging.getLogger(__name__)

MARKETING = "marketing"
UNDER_WAY = ("sending", "unknown", "sent")
SOFT_MOST = 5
SOFT_WITHIN = timedelta(days=30)
"""An address at which so many mails were given up within this time, and to which none got through, is left alone."""

Find = Callable[[UUID], TenantContext | None]


class NotOurs(LookupError):
    """The report is about no mail of ours, or of a chain that is not here."""


def take_mail(database: Database, find: Find, recipient: str, raw: bytes) -> str:
    """Take a mail that came back to `recipient`, and return what kind of report it is. Harmless to repeat.

    Raises NotOurs.
    """
    about = _about(recipient, raw)
    report = Report("unsubscribe") if about.kind == "u" else reports.read(raw)
    return take_report(database, find, about, report)


def take_report(database: Database, find: Find, about: Returned, report: Report) -> str:
    """Write a report down in the chain it is about. Harmless to repeat. Raises NotOurs."""
    tenant = find(about.tenant_id)
    if tenant is None:
        raise NotOurs("of no chain that is at work here")
    with database.transaction(tenant) as session:
        take(session, about.message_id, report)
    return report.kind


def address_of(text: str) -> Returned:
    """What an envelope address is about. Raises NotOurs."""
    try:
        return return_path.read(_signer(), text.strip("<> "))
    except BadToken:
        raise NotOurs("not an address that mail of ours comes back to") from None


def take(session: Session, message_id: UUID, report: Report) -> None:
    """Write down what came back about a message of the current tenant."""
    columns = (Message.id, Message.branch_id, Message.state, Message.account, *queries.CONTENT)
    row = session.execute(
        select(*columns).where(Message.id == message_id, Message.channel == "email").with_for_update()
    ).first()
    if row is None:
        log.warning("a report (%s) about a message that is gone: %s", report.kind, message_id)
        return
    message = queries.opened(ring(session), row)
    detail = {"kind": report.kind, "reason": report.reason, "said": report.said}
    events.note(session, [Step(message_id, "receipt", message.account, detail)])
    if report.kind == "bounce":
        _bounced(session, message, report)
    elif report.kind == "delivered":
        _delivered(session, message, clock.now())
    elif report.kind in ("complaint", "unsubscribe"):
        cause = "complaint" if report.kind == "complaint" else "one_click"
        suppressions.suppress(session, "email", message.recipient, cause, report.said, purpose=MARKETING)


def _bounced(session: Session, message: Any, report: Report) -> None:
    if message.state in UNDER_WAY:
        changes.fail(session, message, report.said, reason=report.reason, account=message.account)
    if report.dead:
        suppressions.suppress(session, "email", message.recipient, "bounce", report.reason)
    elif _given_up(session, message.recipient) >= SOFT_MOST:
        suppressions.suppress(session, "email", message.recipient, "unreachable", report.reason)


def _delivered(session: Session, message: Any, now: datetime) -> None:
    if message.state in UNDER_WAY:
        changes.change(session, message.id, state="delivered", delivered_at=now)


def _given_up(session: Session, recipient: str) -> int:
    """How many of the latest mails to an address were given up, without one between them that was not."""
    since = ids.earliest(clock.now() - SOFT_WITHIN)
    key = suppressions.address_key(session, recipient)
    latest = (
        select(Message.state)
        .where(Message.recipient_key == key, Message.id >= since, Message.channel == "email")
        .order_by(Message.id.desc())
        .limit(SOFT_MOST)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(latest).where(latest.c.state == "failed")) or 0


def _about(recipient: str, raw: bytes) -> Returned:
    """By the address it came to; a complaint comes to another one, and has ours in the mail it is about."""
    try:
        return address_of(recipient)
    except NotOurs:
        found = next(return_path.within(_signer(), raw[: reports.LARGEST]), None)
    if found is None:
        raise NotOurs("it speaks of no mail of ours")
    # Whoever quotes the address that leaves a list has not written to it.
    return Returned("b", found.tenant_id, found.message_id)


def _signer() -> Signer:
    return runtime.signer()
