"""Whose message a provider means: kept when it takes one, asked when it says something later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.contract import Accepted, Receipt
from blueprints.messaging.channels.sms.refs import forms, number_mark, plain
from blueprints.messaging.models import SmsRef, SmsTally, UnmatchedReceipt
from shopbell import clock, housekeeping, ids, runtime
from shopbell.db import table
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant

FINAL = ("delivered", "failed")
KEPT = timedelta(days=30)
"""A reply may come some weeks after the message that it answers."""


def forget_old(session: Session) -> None:
    """Forget what the current tenant's messages of long ago were called."""
    old = (SmsRef.tenant_id == current_tenant().id, SmsRef.at < clock.now() - KEPT)
    session.execute(delete(SmsRef).where(*old).execution_options(synchronize_session=False))


OLD = (
    forget_old,
    housekeeping.older_than(timedelta(days=3), UnmatchedReceipt, UnmatchedReceipt.at),
    housekeeping.older_than(timedelta(days=1), SmsTally, SmsTally.minute),
)
"""Providers try for three days at most to bring a message."""


@dataclass(frozen=True)
class Handed:
    """A message that an account has taken."""

    message_id: UUID
    account: str
    number: str
    accepted: Accepted


@dataclass(frozen=True)
class Known:
    """A message behind a reference."""

    tenant_id: UUID
    message_id: UUID


def mark(number: str) -> int:
    """What stands for a number outside of the chain's own tables."""
    return marks(number)[0]


def marks(number: str) -> list[int]:
    """The same under the secret key of today, and under those before it."""
    settings = runtime.settings()
    return [number_mark(key, number) for key in (settings.secret_key, *settings.earlier_secret_keys)]


def keep(session: Session, handed: Sequence[Handed]) -> dict[UUID, list[Receipt]]:
    """Remember what the accounts call these messages; returns the receipts that were faster, by message.

    In the transaction that writes down that they were taken.
    """
    now, tenant_id = clock.now(), current_tenant().id
    rows: list[dict[str, Any]] = [
        {
            "id": ids.uuid7(),
            "tenant_id": tenant_id,
            "message_id": one.message_id,
            "account": one.account,
            "ref": plain(ref),
            "number_mark": mark(one.number),
            "at": now,
        }
        for one in handed
        for ref in one.accepted.parts or (one.accepted.ref,)
    ]
    if not rows:
        return {}
    session.execute(insert(SmsRef), rows)
    return _early(session, rows)


def owners(session: Session, account: str, receipts: Sequence[Receipt]) -> list[Known | None]:
    """Of each receipt the message it is about; None when nobody here knows. Writes down what it says of a part."""
    wanted = {form for one in receipts for form in forms(one.ref)}
    columns = (SmsRef.id, SmsRef.ref, SmsRef.number_mark, SmsRef.tenant_id, SmsRef.message_id)
    rows = session.execute(select(*columns).where(SmsRef.account == account, SmsRef.ref.in_(wanted))).all()
    by_ref: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_ref[row.ref].append(row)
    found: list[Known | None] = []
    for one in receipts:
        closest = _closest(by_ref, one)
        if closest is not None:
            _say(session, closest.id, one.status)
        found.append(Known(closest.tenant_id, closest.message_id) if closest is not None else None)
    return found


def last_to(session: Session, account: str, number: str) -> tuple[Any, Known] | None:
    """The last message that the account brought to a number, and when."""
    statement = (
        select(SmsRef.at, SmsRef.tenant_id, SmsRef.message_id)
        .where(SmsRef.account == account, SmsRef.number_mark.in_(marks(number)))
        .order_by(SmsRef.id.desc())
        .limit(1)
    )
    row = session.execute(statement).first()
    return (row.at, Known(row.tenant_id, row.message_id)) if row else None


REFS = table(SmsRef)
SAY = Prepared(
    update(REFS)
    .where(
        REFS.c.message_id == func.any(bindparam("about", type_=ARRAY(Uuid))),
        REFS.c.account == bindparam("by"),
        REFS.c.status.not_in([literal(status) for status in FINAL]),
    )
    .values(status=bindparam("said"))
)


def say(session: Session, account: str, told: Sequence[tuple[UUID, Receipt]]) -> None:
    """Write down what receipts say of whole messages, which they name as we do; a last word stays."""
    for status in FINAL:
        about = [message_id for message_id, one in told if one.status == status]
        if about:
            SAY.run(session, {"about": about, "by": account, "said": status})


def heard(session: Session, since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """How many parts of messages each account took in that time, and of how many it has not said what became of them.
    A range of the primary key."""
    open_ones = func.count().filter(SmsRef.status.not_in(FINAL))
    statement = (
        select(SmsRef.account, func.count(), open_ones)
        .where(SmsRef.id >= ids.earliest(since), SmsRef.id < ids.earliest(until))
        .group_by(SmsRef.account)
    )
    return {account: (parts, unheard) for account, parts, unheard in session.execute(statement)}


def tells(session: Session, account: str) -> bool:
    """Whether an account has said of any message that is still known what became of it."""
    spoken = select(SmsRef.id).where(SmsRef.account == account, SmsRef.status.in_(FINAL)).limit(1)
    return session.scalar(spoken) is not None


def whole(session: Session, message_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What the parts of each message come to: failed with one of them, delivered with the last of them."""
    counts = (
        func.count().filter(SmsRef.status == "failed"),
        func.count().filter(SmsRef.status == "delivered"),
        func.count(),
    )
    statement = select(SmsRef.message_id, *counts).where(SmsRef.message_id.in_(message_ids)).group_by(SmsRef.message_id)
    return {
        message_id: "failed" if failed else "delivered" if delivered == parts else "sent"
        for message_id, failed, delivered, parts in session.execute(statement)
    }


def keep_unmatched(session: Session, account: str, receipts: Sequence[Receipt]) -> None:
    """Lay receipts aside that nobody knows a message for: it may be written down in a moment, or found in doubt."""
    rows = [
        {
            "id": ids.uuid7(),
            "account": account,
            "ref": plain(one.ref),
            "number_mark": mark(one.number),
            "status": one.status,
            "detail": one.detail,
            "reason": one.reason,
            "at": clock.now(),
        }
        for one in receipts
        if one.status
    ]
    if rows:
        session.execute(insert(UnmatchedReceipt), rows)


def overheard(session: Session, account: str, number: str, since: datetime) -> Receipt | None:
    """A receipt for a message to this number that nobody knows: it is about the one in doubt, if just one is.

    For accounts that cannot be asked. It is taken away.
    """
    mine = (
        UnmatchedReceipt.account == account,
        UnmatchedReceipt.number_mark.in_(marks(number)),
        UnmatchedReceipt.at >= since,
    )
    rows = session.execute(
        delete(UnmatchedReceipt)
        .where(*mine)
        .returning(UnmatchedReceipt.ref, UnmatchedReceipt.status, UnmatchedReceipt.detail, UnmatchedReceipt.reason)
        .execution_options(synchronize_session=False)
    ).all()
    return Receipt(*rows[-1]) if rows else None


def _say(session: Session, ref_id: UUID, status: str) -> None:
    """What was said of a part; its last word stays."""
    if status in FINAL:
        session.execute(
            update(SmsRef)
            .where(SmsRef.id == ref_id, SmsRef.status.not_in(FINAL))
            .values(status=status)
            .execution_options(synchronize_session=False)
        )


def _closest(by_ref: dict[str, list[Any]], receipt: Receipt) -> Any | None:
    """By the likeliest spelling; a receipt that names its number is never another number's."""
    said = marks(receipt.number) if receipt.number else []
    for form in forms(receipt.ref):
        for row in reversed(by_ref.get(form, [])):
            if not said or row.number_mark in said:
                return row
    return None


def _early(session: Session, rows: Sequence[dict[str, Any]]) -> dict[UUID, list[Receipt]]:
    pairs = {(row["account"], form): row for row in rows for form in forms(row["ref"])}
    taken = session.execute(
        delete(UnmatchedReceipt)
        .where(tuple_(UnmatchedReceipt.account, UnmatchedReceipt.ref).in_(list(pairs)))
        .returning(
            UnmatchedReceipt.account,
            UnmatchedReceipt.ref,
            UnmatchedReceipt.status,
            UnmatchedReceipt.detail,
            UnmatchedReceipt.reason,
        )
        .execution_options(synchronize_session=False)
    ).all()
    found: dict[UUID, list[Receipt]] = defaultdict(list)
    for one in taken:
        row = pairs[one.account, one.ref]
        _say(session, row["id"], one.status)
        found[row["message_id"]].append(Receipt(one.ref, one.status, one.detail, one.reason))
    return found
