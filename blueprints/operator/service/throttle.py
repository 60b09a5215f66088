"""Slowing down guesses: failed attempts are counted by account and by address over a sliding quarter of an hour.

A browser in which the operator has signed in before is counted by itself, so nobody else's guesses keep them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.operator.models import OperatorAttempt
from shopbell import crypto, ids

GUESSES_AT_ONCE = 3
TURN_WAIT = timedelta(seconds=1)


@dataclass(frozen=True)
class Guesser:
    """Whose guesses are counted together; without an address the place they come from is left out of it."""

    subject: str
    address: str = ""


def subject(kind: str, account: str) -> str:
    return crypto.hash_token(f"{kind}:{account}")


def wait(directory: Session, who: Guesser, *, factor: int, at: datetime) -> timedelta | None:
    """How long this guesser has to wait before one more guess; None: go ahead.

    Holds one of the account's few places until the transaction ends, so that guesses sent side by side cannot all pass
    before the first of them is counted. `factor` multiplies the limits.
    """
    limiting = [_limiting(directory, OperatorAttempt.subject == who.subject, access.TRIES_PER_ACCOUNT * factor, at)]
    if who.address:
        mine = OperatorAttempt.address == who.address
        limiting.append(_limiting(directory, mine, access.TRIES_PER_ADDRESS * factor, at))
    blocked = access.wait_until(limiting, at)
    if blocked is None and not _has_place(directory, who.subject):
        return TURN_WAIT
    return blocked


def record_failure(directory: Session, who: Guesser, *, at: datetime) -> None:
    """Count a wrong guess, and drop what is too old to count."""
    directory.execute(delete(OperatorAttempt).where(OperatorAttempt.at < at - access.WINDOW))
    directory.add(OperatorAttempt(id=ids.uuid7(), subject=who.subject, address=who.address, at=at))
    directory.flush()


def forget(directory: Session, who: Guesser) -> None:
    """Start counting anew for somebody who has just proved themselves."""
    directory.execute(delete(OperatorAttempt).where(OperatorAttempt.subject == who.subject))


def _limiting(directory: Session, matching: ColumnElement[bool], limit: int, at: datetime) -> datetime | None:
    """The oldest of the last `limit` failures, if there were that many: with it gone, one more is allowed."""
    recent = select(OperatorAttempt.at).where(matching, OperatorAttempt.at > at - access.WINDOW)
    return directory.scalar(recent.order_by(OperatorAttempt.at.desc()).offset(limit - 1).limit(1))


def _has_place(directory: Session, who: str) -> bool:
    keys = (func.hashtextextended(f"operator:{who}:{place}", 0) for place in range(GUESSES_AT_ONCE))
    return any(directory.scalar(select(func.pg_try_advisory_xact_lock(key))) for key in keys)
