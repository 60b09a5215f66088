"""Signing in and out. The cookie holds a random token, the table its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import User, UserSession
from blueprints.access.service import passwords, throttle
from blueprints.access.service.users import ACCOUNT, Account, account
from shopbell import crypto


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
    address: str,
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
    waiting = throttle.wait(session, who, address, factor=factor, at=at)
    if waiting is not None:
        return Wait(waiting)
    row = session.execute(select(User.password_hash, *ACCOUNT).where(User.email == known_form)).first()
    stored_hash = row.password_hash if row else None
    right = passwords.matches(stored_hash, password)
    if row is None or not right or not row.active:
        throttle.record_failure(session, who, address, at=at)
        return Refused()
    found = account(row)
    throttle.forget(session, who)
    if stored_hash and passwords.is_outdated(stored_hash):
        better = passwords.rehashed(password)
        session.execute(update(User).where(User.id == found.id).values(password_hash=better))
    if old_token:
        sign_out(session, old_token)
    return SignedIn(found, start(session, found, at=at))


def start(session: Session, owner: Account, *, at: datetime) -> str:
    """A new session's token. Sessions of this account that are over are removed on the way."""
    over = (UserSession.expires_at <= at) | (UserSession.last_seen_at <= at - rules.IDLE)
    session.execute(delete(UserSession).where(UserSession.user_id == owner.id, over))
    token = crypto.new_token()
    session.add(
        UserSession(
            token_hash=crypto.hash_token(token),
            user_id=owner.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + rules.ABSOLUTE,
        )
    )
    session.flush()
    return token


def resume(session: Session, token: str, *, at: datetime) -> Account | None:
    """Whose session this is, or None when there is none, it is over, or the account is closed."""
    token_hash = crypto.hash_token(token)
    statement = (
        select(UserSession.last_seen_at, UserSession.expires_at, *ACCOUNT)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash, User.active)
    )
    row = session.execute(statement).first()
    if row is None or rules.is_expired(row.last_seen_at, row.expires_at, at):
        return None
    if row.last_seen_at <= at - rules.TOUCH_EVERY:
        _touch(session, token_hash, at)
    return account(row)


def sign_out(session: Session, token: str) -> None:
    """End a session. May be repeated."""
    session.execute(delete(UserSession).where(UserSession.token_hash == crypto.hash_token(token)))


def _touch(session: Session, token_hash: str, at: datetime) -> None:
    """Note that the session is in use; requests side by side must not wait for each other over that."""
    free = select(UserSession.token_hash).where(UserSession.token_hash == token_hash).with_for_update(skip_locked=True)
    statement = update(UserSession).where(UserSession.token_hash.in_(free)).values(last_seen_at=at)
    session.execute(statement.execution_options(synchronize_session=False))
