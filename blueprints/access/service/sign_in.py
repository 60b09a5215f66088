"""Signing in with a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import User
from blueprints.access.queries import ACCOUNT, Account, account_of
from blueprints.access.service import passwords, throttle
from blueprints.access.service.sessions import Origin, sign_out, start


@dataclass(frozen=True)
class SignedIn:
    """Proved; `token` goes into the cookie and nowhere else."""

    account: Account
    token: str


@dataclass(frozen=True)
class Refused:
    """The e-mail address and the password do not belong together, or the account is closed."""


@dataclass(frozen=True)
class Wait:
    """Too many wrong guesses; `time` until one more is allowed."""

    time: timedelta


def sign_in(
    session: Session,
    email: str,
    password: str,
    *,
    origin: Origin,
    factor: int,
    at: datetime,
    old_token: str | None = None,
) -> SignedIn | Refused | Wait:
    """Check a password and start a session, ending the one the browser had.

    A refusal is an answer, not an error: the failed attempt it counts must be committed. `factor` multiplies the
    limits. Takes as long for an unknown account as for a known one.
    """
    known_form = rules.account_email(email)
    who = throttle.subject("user", known_form or email.strip()[: rules.LONGEST_EMAIL])
    waiting = throttle.wait(session, who, origin.address, factor=factor, at=at)
    if waiting is not None:
        return Wait(waiting)
    row = session.execute(select(User.password_hash, *ACCOUNT).where(User.email == known_form)).first()
    stored_hash = row.password_hash if row else None
    right = passwords.matches(stored_hash, password)
    if row is None or not right or not row.active:
        throttle.record_failure(session, who, origin.address, at=at)
        return Refused()
    found = account_of(row)
    throttle.forget(session, who)
    if stored_hash and passwords.is_outdated(stored_hash):
        better = passwords.rehashed(password)
        session.execute(update(User).where(User.id == found.id).values(password_hash=better))
    if old_token:
        sign_out(session, old_token)
    return SignedIn(found, start(session, found, at=at, origin=origin))
