"""Writing down what came of attempts, if the messages are still theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Trouble
from blueprints.messaging.channels.sms.contract import Accepted, RefusedHere
from blueprints.messaging.models import FORGOTTEN, Message
from blueprints.messaging.service import changes, events, receipts
from blueprints.messaging.service.events import Step
from blueprints.messaging.service.marking import Attempt
from blueprints.messaging.service.refs import Handed
from shopbell import clock
from shopbell.claims import Batch

TAKEN = text(
    """
    update messages set
        state = case when state in ('sending', 'unknown') then 'sent' else state end,
        provider_ref = coalesce(provider_ref, taken.ref),
        provider_error = case when state in ('sending', 'unknown') then null else provider_error end,
        sent_at = coalesce(sent_at, :now)
    from unnest(cast(:ids as uuid[]), cast(:refs as text[])) as taken (id, ref)
    where messages.id = taken.id and attempt_token = :token
    """
)
"""A receipt may have been faster than we are: then only what it could not know is filled in."""


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: it was accepted, or there was trouble."""

    attempt: Attempt
    accepted: Accepted | None = None
    trouble: Trouble | None = None


def report(session: Session, batch: Batch, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of one handful, and remove its due work."""
    if not outcomes:
        return
    _write_taken(session, [outcome for outcome in outcomes if outcome.accepted])
    _write_troubles(session, [outcome for outcome in outcomes if outcome.trouble])
    batch.finish(session, [outcome.attempt.row for outcome in outcomes])


def _write_taken(session: Session, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    taken = [(outcome.attempt, outcome.accepted) for outcome in outcomes if outcome.accepted]
    values = {
        "now": clock.now(),
        "token": taken[0][0].token,
        "ids": [attempt.id for attempt, _ in taken],
        "refs": [accepted.ref for _, accepted in taken],
    }
    session.execute(TAKEN, values)
    steps = [Step(attempt.id, "accepted", attempt.way.account, {"number": attempt.number}) for attempt, _ in taken]
    events.note(session, steps)
    _remember(session, taken)
    secret = [attempt.id for attempt, _ in taken if rules.OCCASIONS[attempt.content.template].secret]
    if secret:
        forget(session, secret)


def _remember(session: Session, taken: Sequence[tuple[Attempt, Accepted]]) -> None:
    """Keep what the accounts call these text messages; mail is known by its Message-ID."""
    by_account: dict[str, list[Handed]] = defaultdict(list)
    for attempt, accepted in taken:
        if attempt.way.sms is not None:
            handed = Handed(attempt.id, attempt.way.account, attempt.content.recipient, accepted)
            by_account[handed.account].append(handed)
    for handed_over in by_account.values():
        receipts.remember(session, handed_over)


def _write_troubles(session: Session, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    ours = (
        select(Message.id)
        .where(
            Message.id.in_([outcome.attempt.id for outcome in outcomes]),
            Message.attempt_token == outcomes[0].attempt.token,
            Message.state == "sending",
        )
        .order_by(Message.id)
        .with_for_update()
    )
    still = set(session.scalars(ours))
    for outcome in outcomes:
        if outcome.trouble is not None and outcome.attempt.id in still:
            _write_trouble(session, outcome.attempt, outcome.trouble)


def _write_trouble(session: Session, attempt: Attempt, trouble: Trouble) -> None:
    """A doubt stays with its account; what was certainly not taken may go by another, or later."""
    message, way, said = attempt.content, attempt.way, _without_address(attempt, trouble)
    reason = trouble.reason or "refused"
    elsewhere = isinstance(trouble, NotNow | RefusedHere) and way.others
    if isinstance(trouble, InDoubt):
        changes.doubt(session, message, said, account=way.account, reason=trouble.reason or "no_answer")
    elif elsewhere and not message.resends:
        changes.fail_over(session, message, [*way.tried, way.account], said, reason=reason)
    elif isinstance(trouble, NotNow):
        _try_later(session, attempt, trouble, said)
    else:
        changes.fail(session, message, said, reason=reason, account=way.account)
        if reason == "opted_out" and message.channel == "sms":
            receipts.refuse_from_now_on(session, message.recipient, said)


def _without_address(attempt: Attempt, trouble: Trouble) -> str:
    """What was said, which is kept in clear: providers like to repeat whom they could not reach."""
    return str(trouble).replace(attempt.content.recipient, "…")


def _try_later(session: Session, attempt: Attempt, trouble: NotNow, said: str) -> None:
    reason, account = trouble.reason or "unavailable", attempt.way.account
    pause = changes.pause_after(attempt.number, trouble.retry_after)
    if pause is None:
        changes.fail(session, attempt.content, f"given up: {said}", reason=reason, account=account)
        return
    detail = {"reason": reason, "number": attempt.number}
    changes.put_off(session, attempt.content, pause, said, account=account, detail=detail)


def forget(session: Session, message_ids: Sequence[UUID]) -> None:
    """The secret in these messages opens nothing any more."""
    session.execute(
        update(Message)
        .where(Message.id.in_(message_ids))
        .values(**FORGOTTEN)
        .execution_options(synchronize_session=False)
    )
