"""Taking messages in hand: which of a handful go now, by which account, and what becomes of the others.

All of it happens in one transaction, in a number of statements that does not grow with the messages: what goes is
marked as `sending` under a token before anything leaves, and what does not go has its reason written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.contract import SmsAccount, Template, TextMessage
from blueprints.messaging.channels.sms.refs import reference
from blueprints.messaging.links import receipt_link
from blueprints.messaging.models import Message
from blueprints.messaging.queries import CONTENT, opened
from blueprints.messaging.service import changes, coding, events, gate, mail, routes
from blueprints.messaging.service.events import Step
from blueprints.messaging.service.gate import Decision, Envelope
from blueprints.messaging.service.kinds import SEND
from blueprints.messaging.service.mail import Sender
from blueprints.messaging.service.routes import Price, Ways
from shopbell import clock, due, ids, rates, runtime
from shopbell.claims import Batch
from shopbell.due import Claimed
from shopbell.tenancy import current_tenant
from shopbell.vault.ring import Ring, Unopened, ring

MAIL = "smtp"
"""The key of the account that mail goes out by."""
PACE = timedelta(seconds=1)
"""For how long messages wait that are more than may leave in a second."""
COLUMNS = (
    *CONTENT,
    Message.id,
    Message.channel,
    Message.locale,
    Message.sender_name,
    Message.created_at,
    Message.attempts,
    Message.resends,
    Message.template,
    Message.purpose,
    Message.priority,
    Message.customer_id,
    Message.branch_id,
    Message.segments,
    Message.encoding,
    Message.expires_at,
    Message.state,
    Message.claimed_at,
    Message.account,
    Message.template_version_id,
    Message.variables_sealed,
)
MARK = text(
    """
    update messages set state = 'sending', attempt_token = :token, attempts = messages.attempts + 1, claimed_at = :now,
        account = marked.account, cost_micros = marked.cost, currency = coalesce(marked.currency, messages.currency)
    from unnest(cast(:ids as uuid[]), cast(:accounts as text[]), cast(:costs as bigint[]), cast(:currencies as text[]))
        as marked (id, account, cost, currency)
    where messages.id = marked.id
    """
)


@dataclass(frozen=True)
class Way:
    """By which account a message goes, how many a second that takes (0: any number), and what it is expected to cost.

    `sms` is None for mail. `others` says whether there are accounts that were not tried for this message yet.
    `templates` are the message's approved forms at accounts that take no other.
    """

    account: str
    per_second: int
    sms: SmsAccount | None = None
    price: Price | None = None
    tried: tuple[str, ...] = ()
    others: bool = False
    templates: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True)
class Attempt:
    """A message in our hands: its due work, its content, its way, and the token under which we may report."""

    row: Claimed
    token: UUID
    content: Any
    way: Way
    sender: Sender | None = None
    """In whose name it goes, if it is an e-mail."""

    @property
    def id(self) -> UUID:
        return UUID(str(self.content.id))

    @property
    def number(self) -> int:
        """The first attempt is 1."""
        return int(self.content.attempts) + 1


def take(session: Session, batch: Batch, rows: Sequence[Claimed]) -> list[Attempt]:
    """Mark what may go now as being sent. The due work of all the rest is removed, moved or postponed."""
    ours = {UUID(row.key): row for row in batch.keep(session, rows)}
    ready = _worth_sending(session, ours)
    ways = _ways(session, ready, ours)
    fast = [message for message in ready if message.id in ways]
    waiting = _paced(fast, ways)
    fast = [message for message in fast if message.id not in waiting]
    going, steps = _asked(session, fast, ways)
    attempts = _mark(session, going, ways, ours)
    begun = [Step(attempt.id, "attempt", attempt.way.account, {"number": attempt.number}) for attempt in attempts]
    events.note(session, [*steps, *begun])
    kept = waiting | {attempt.id for attempt in attempts}
    batch.finish(session, [row for id_, row in ours.items() if id_ not in kept])
    if waiting:
        batch.postpone(session, [ours[id_] for id_ in waiting], PACE)
    return attempts


def text_message(content: Any, templates: Mapping[str, Template] | None = None) -> TextMessage:
    """A text message as an account takes it, and knows it again when it is asked."""
    return TextMessage(
        id=content.id,
        to=content.recipient,
        body=content.body,
        reference=reference(current_tenant().id, content.id),
        callback=receipt_link(content.id),
        purpose=content.purpose,
        segments=content.segments,
        encoding=content.encoding or "GSM-7",
        templates=templates or {},
    )


def _worth_sending(session: Session, ours: Mapping[UUID, Claimed]) -> list[Any]:
    """The queued messages among them; of the others each is dealt with as its state asks for."""
    found = session.execute(select(*COLUMNS).where(Message.id.in_(ours)).order_by(Message.id).with_for_update()).all()
    now, keys, ready = clock.now(), ring(session), []
    for message in found:
        if message.state == "sending":
            changes.look_closer(session, message, now)
        elif message.state != "queued":
            continue
        elif message.expires_at is not None and message.expires_at <= now:
            changes.drop(session, message.id, changes.EXPIRED)
        elif (readable := _opened(session, keys, message)) is not None:
            ready.append(readable)
    return ready


def _opened(session: Session, keys: Ring, message: Any) -> Any | None:
    """The message as it is read; one whose key is gone fails, and holds up none of the others."""
    try:
        return opened(keys, message)
    except Unopened:
        changes.fail(session, message, "the key of its text is gone", reason="unreadable")
        return None


def _ways(session: Session, messages: Sequence[Any], ours: Mapping[UUID, Claimed]) -> dict[UUID, Way]:
    """By which account each goes. A text message that no account serves fails, until somebody adds one."""
    texts = [message for message in messages if message.channel == "sms"]
    found, known = {}, routes.ways(session) if texts else None
    coded = coding.approved(session, texts, known.accounts) if known else {}
    for message in messages:
        if message.channel != "sms":
            found[message.id] = Way(MAIL, runtime.settings().mail_per_second)
        elif (
            known is not None and (way := _way(known, message, ours[message.id].payload, coded[message.id])) is not None
        ):
            found[message.id] = way
        else:
            said, reason = _unserved(message, known)
            changes.fail(session, message, said, reason=reason)
    return found


def _unserved(message: Any, ways: Ways | None) -> tuple[str, str]:
    """Why no account takes a text message: a sentence for the log, and the reason's code."""
    if ways is not None and any(one.serves(message.recipient, message.purpose) for one in ways.accounts):
        return "no account that serves this number may send this text", "not_approved"
    return "no account serves this number", "unroutable"


def _way(ways: Ways, message: Any, payload: Mapping[str, Any], templates: Mapping[str, Template]) -> Way | None:
    """The healthiest account that has not refused it; what was in doubt stays with the account that may have it."""
    accounts = ways.choose(message.id, message.recipient, message.purpose, templates)
    if message.resends and (same := ways.account(message.account)) is not None:
        accounts = [same]
    tried = tuple(payload.get("tried", ()))
    able = [account for account in accounts if account.key not in tried]
    if not able:
        return None
    key = able[0].key
    price = ways.price(message.id, message.recipient, message.purpose, message.segments, templates, message.body)
    return Way(key, ways.rate(key), able[0], price, tried, len(able) > 1, templates)


def _paced(messages: Sequence[Any], ways: Mapping[UUID, Way]) -> set[UUID]:
    """Those that have to wait, because the chain or the account may send no more in this second."""
    settings = runtime.settings()
    patient = [message.id for message in messages if message.priority > due.URGENT]
    granted = rates.take(f"chain:{current_tenant().id}", len(patient), settings.messages_per_second)
    waiting, by_account = set(patient[granted:]), defaultdict(list)
    for id_ in patient[:granted]:
        by_account[ways[id_].account, ways[id_].per_second].append(id_)
    for (account, per_second), theirs in by_account.items():
        waiting.update(theirs[rates.take(f"account:{account}", len(theirs), per_second) :])
    return waiting


def _asked(session: Session, messages: Sequence[Any], ways: Mapping[UUID, Way]) -> tuple[list[Any], list[Step]]:
    """What the gate lets through, and what it said about all of them."""
    decisions = gate.decide(session, [_envelope(each, ways[each.id]) for each in messages], clock.now())
    steps = [Step(each.id, "decided", None, decisions[each.id].as_detail()) for each in messages]
    for message in messages:
        _obey(session, message, decisions[message.id])
    return [each for each in messages if decisions[each.id].verdict == "send"], steps


def _obey(session: Session, message: Any, decision: Decision) -> None:
    if decision.verdict == "drop":
        changes.drop(session, message.id, decision.reason)
    elif decision.verdict == "later" and decision.until is not None:
        due.schedule(session, SEND, str(message.id), decision.until, priority=message.priority)


def _envelope(message: Any, way: Way) -> Envelope:
    return Envelope(
        id=message.id,
        channel=message.channel,
        purpose=message.purpose,
        template=message.template,
        recipient=message.recipient,
        customer_id=message.customer_id,
        branch_id=message.branch_id,
        locale=message.locale,
        segments=message.segments,
        cost_micros=way.price.micros if way.price else 0,
        expires_at=message.expires_at,
        created_at=message.created_at,
        currency=way.price.currency if way.price else "",
        subject=message.subject,
        text=message.body,
        approval="approved" if way.templates else "",
    )


def _mark(
    session: Session, messages: Sequence[Any], ways: Mapping[UUID, Way], ours: Mapping[UUID, Claimed]
) -> list[Attempt]:
    if not messages:
        return []
    token, prices = ids.uuid7(), [ways[message.id].price for message in messages]
    session.execute(
        MARK,
        {
            "token": token,
            "now": clock.now(),
            "ids": [message.id for message in messages],
            "accounts": [ways[message.id].account for message in messages],
            "costs": [price.micros if price else None for price in prices],
            "currencies": [price.currency if price else None for price in prices],
        },
    )
    mails = [message.html for message in messages if message.channel == "email"]
    sender = mail.sender(session, mails) if mails else None
    return [Attempt(ours[message.id], token, message, ways[message.id], sender) for message in messages]
