"""Slowing down guesses: failed attempts are counted by account and by address over a sliding quarter of an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import SignInAttempt
from shopbell import crypto, ids
from shopbell.tenancy import current_tenant

GUESSES_AT_ONCE = 3
PRUNE_AT_ONCE = 500
TURN_WAIT = timedelta(seconds=1)


def subject(kind: str, account: str) -> str:
    """What stands for an account in the table: one account is one subject, whoever asks."""
    return crypto.hash_token(f"{kind}:{account}")


def wait(session: Session, who: str, address: str, *, factor: int, at: datetime) -> timedelta | None:
    """How long this account or address has to wait before one more guess; None: go ahead.

    Holds one of the account's few places until the transaction ends, so that guesses sent side by side cannot all
    pass before the first of them is counted.
    """
    blocked = rules.wait_until(
        [
            _limiting_attempt(session, SignInAttempt.subject == who, rules.TRIES_PER_ACCOUNT * factor, at),
            _limiting_attempt(session, SignInAttempt.address == address, rules.TRIES_PER_ADDRESS * factor, at),
        ],
        at,
    )
    if blocked is None and not _has_place(session, who):
        return TURN_WAIT
    return blocked


def record_failure(session: Session, who: str, address: str, *, at: datetime) -> None:
    """Count a wrong guess, and drop what is too old to count."""
    too_old = select(SignInAttempt.id).where(SignInAttempt.at < at - rules.WINDOW).limit(PRUNE_AT_ONCE)
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(too_old.with_for_update(skip_locked=True))))
    session.add(SignInAttempt(id=ids.uuid7(), subject=who, address=address, at=at))
    session.flush()


def forget(session: Session, who: str) -> None:
    """Start counting anew for an account that has just proved itself."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == who))


def _limiting_attempt(session: Session, matching: ColumnElement[bool], limit: int, at: datetime) -> datetime | None:
    """The oldest of the last `limit` failures, if there were that many: with it gone, one more is allowed."""
    recent = select(SignInAttempt.at).where(matching, SignInAttempt.at > at - rules.WINDOW)
    return session.scalar(recent.order_by(SignInAttempt.at.desc()).offset(limit - 1).limit(1))


def _has_place(session: Session, who: str) -> bool:
    for place in range(GUESSES_AT_ONCE):
        key = f"guess:{current_tenant().schema}:{who}:{place}"
        if session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(key, 0)))):
            return True
    return False
