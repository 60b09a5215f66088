"""Slowing down guesses: failed attempts are counted by account and by address over a sliding quarter of an hour.

Nobody can be locked out by what others do, if the caller counts a browser or a device that is known by itself: only
strangers share the counters of the account and of the address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import crypto, ids
from shopbell.tenancy import tenant_or_none

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 8
TRIES_PER_ADDRESS = 40
TRIES_PER_KNOWN_ADDRESS = 400
GUESSES_AT_ONCE = 3
PRUNE_AT_ONCE = 500
TURN_WAIT = timedelta(seconds=1)


class Attempt:
    """The columns of a table of failed attempts; it needs an index on (subject, at), on (address, at) and on (at).

    `subject` is the hash of what was tried: people type passwords into the wrong field, too.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Guesser:
    """Whose guesses are counted together; without an address the place they come from is left out of it."""

    subject: str
    address: str = ""


def subject(kind: str, account: str) -> str:
    """What stands for an account in the table: one account is one subject, whoever asks."""
    return crypto.hash_token(f"{kind}:{account}")


def nowhere(_session: Session, _address: str, _at: datetime) -> bool:
    return False


@dataclass(frozen=True)
class Throttle:
    """Failed attempts, kept in a table. From an address that is `known` more may fail: a whole branch stands behind it,
    with its guests."""

    table: type[Attempt]
    known: Callable[[Session, str, datetime], bool] = nowhere

    def guess(
        self,
        session: Session,
        who: Guesser,
        right: Callable[[], bool],
        *,
        factor: int,
        at: datetime,
        tries: int | None = None,
    ) -> bool | timedelta:
        """Whether it is right, or how long to wait before one more guess. An answer, not an error: the wrong guess it
        counts must be committed."""
        waiting = self.wait(session, who, factor=factor, at=at, tries=tries)
        if waiting is not None:
            return waiting
        if right():
            self.forget(session, who.subject)
            return True
        self.record_failure(session, who, at=at)
        return False

    def wait(
        self, session: Session, who: Guesser, *, factor: int, at: datetime, tries: int | None = None
    ) -> timedelta | None:
        """How long this guesser has to wait before one more guess; None: go ahead.

        Holds one of the account's few places until the transaction ends, so that guesses sent side by side cannot all
        pass before the first of them is counted. `factor` multiplies the limits.
        """
        by_subject = self.table.subject == who.subject
        limiting = [self._limiting(session, by_subject, (tries or TRIES_PER_ACCOUNT) * factor, at)]
        if who.address:
            limit = TRIES_PER_KNOWN_ADDRESS if self.known(session, who.address, at) else TRIES_PER_ADDRESS
            limiting.append(self._limiting(session, self.table.address == who.address, limit * factor, at))
        blocked = wait_until(limiting, at)
        if blocked is None and not self._has_place(session, who.subject):
            return TURN_WAIT
        return blocked

    def record_failure(self, session: Session, who: Guesser, *, at: datetime) -> None:
        """Count a wrong guess, and drop what is too old to count."""
        too_old = select(self.table.id).where(self.table.at < at - WINDOW).limit(PRUNE_AT_ONCE)
        session.execute(delete(self.table).where(self.table.id.in_(too_old.with_for_update(skip_locked=True))))
        attempt = self.table()
        attempt.id, attempt.subject, attempt.address, attempt.at = ids.uuid7(), who.subject, who.address, at
        session.add(attempt)
        session.flush()

    def forget(self, session: Session, subject: str) -> None:
        """Start counting anew for an account that has just proved itself."""
        session.execute(delete(self.table).where(self.table.subject == subject))

    def _limiting(self, session: Session, matching: ColumnElement[bool], limit: int, at: datetime) -> datetime | None:
        """The oldest of the last `limit` failures, if there were that many: with it gone, one more is allowed."""
        recent = select(self.table.at).where(matching, self.table.at > at - WINDOW)
        return session.scalar(recent.order_by(self.table.at.desc()).offset(limit - 1).limit(1))

    def _has_place(self, session: Session, subject: str) -> bool:
        tenant = tenant_or_none()
        scope = f"{self.table.__name__}:{tenant.schema if tenant else ''}:{subject}"
        keys = (func.hashtextextended(f"{scope}:{place}", 0) for place in range(GUESSES_AT_ONCE))
        return any(session.scalar(select(func.pg_try_advisory_xact_lock(key))) for key in keys)


def wait_until(limiting_attempts: list[datetime | None], at: datetime) -> timedelta | None:
    """How long until one more try is allowed, given for each limit the attempt that must leave the window first."""
    waits = [attempt + WINDOW - at for attempt in limiting_attempts if attempt is not None]
    longest = max(waits, default=timedelta(0))
    return longest if longest > timedelta(0) else None
