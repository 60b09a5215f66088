"""Slowing down guesses: failed attempts are counted by account and by address over a sliding quarter of an hour.

Nobody can be locked out by what others do. A browser in which somebody has signed in before, and a shared device, are
counted by themselves; only strangers share the counters of the account and of the address. An address from which people
of the chain sign in may fail more often: a whole branch stands behind it, with its guests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import KnownBrowser, SignInAttempt
from shopbell import crypto, ids
from shopbell.tenancy import current_tenant

GUESSES_AT_ONCE = 3
PRUNE_AT_ONCE = 500
TURN_WAIT = timedelta(seconds=1)


@dataclass(frozen=True)
class Guesser:
    """Whose guesses are counted together; without an address the place they come from is left out of it."""

    subject: str
    address: str = ""


def subject(kind: str, account: str) -> str:
    """What stands for an account in the table: one account is one subject, whoever asks."""
    return crypto.hash_token(f"{kind}:{account}")


def wait(session: Session, who: Guesser, *, factor: int, at: datetime, tries: int | None = None) -> timedelta | None:
    """How long this guesser has to wait before one more guess; None: go ahead.

    Holds one of the account's few places until the transaction ends, so that guesses sent side by side cannot all
    pass before the first of them is counted.
    """
    limiting = [
        _limiting_attempt(
            session, SignInAttempt.subject == who.subject, (tries or rules.TRIES_PER_ACCOUNT) * factor, at
        )
    ]
    if who.address:
        limit = rules.TRIES_PER_KNOWN_ADDRESS if _is_known(session, who.address, at) else rules.TRIES_PER_ADDRESS
        limiting.append(_limiting_attempt(session, SignInAttempt.address == who.address, limit * factor, at))
    blocked = rules.wait_until(limiting, at)
    if blocked is None and not _has_place(session, who.subject):
        return TURN_WAIT
    return blocked


def record_failure(session: Session, who: Guesser, *, at: datetime) -> None:
    """Count a wrong guess, and drop what is too old to count."""
    too_old = select(SignInAttempt.id).where(SignInAttempt.at < at - rules.WINDOW).limit(PRUNE_AT_ONCE)
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(too_old.with_for_update(skip_locked=True))))
    session.add(SignInAttempt(id=ids.uuid7(), subject=who.subject, address=who.address, at=at))
    session.flush()


def forget(session: Session, who: str) -> None:
    """Start counting anew for an account that has just proved itself."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == who))


def _is_known(session: Session, address: str, at: datetime) -> bool:
    """Whether somebody of the chain has signed in from there of late."""
    lately = select(KnownBrowser.user_id).where(
        KnownBrowser.address == address, KnownBrowser.used_at > at - rules.ADDRESS_KNOWN
    )
    return bool(session.scalar(select(exists(lately))))


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
