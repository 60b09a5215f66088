"""Signing in with a password, and whatever the account asks for besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.events import SignedInFromNewPlace
from blueprints.access.models import User
from blueprints.access.queries import ACCOUNT, Account, account_of
from blueprints.access.service import admission, browsers, passwords, steps
from blueprints.access.service.sessions import Origin, Through, sign_out, start
from blueprints.access.service.throttle import THROTTLE
from shopbell import crypto
from shopbell.events import publish
from shopbell.throttle import Guesser, subject


@dataclass(frozen=True)
class Browser:
    """What a browser brings along: the session it had, the token it is known by, the shared device it is."""

    origin: Origin
    session: str | None = None
    known: str | None = None
    device_id: UUID | None = None


@dataclass(frozen=True)
class SignedIn:
    """Proved; `token` goes into the session's cookie, `browser` into the one it is known by."""

    account: Account
    token: str
    browser: str


@dataclass(frozen=True)
class CodeWanted:
    """The password was right; `token` goes into a cookie that leads to the next step and no further."""

    token: str


@dataclass(frozen=True)
class Refused:
    """The e-mail address and the password do not belong together, or the account is closed."""


@dataclass(frozen=True)
class Elsewhere:
    """The password was right, and is not taken: this chain's people sign in through their provider."""


@dataclass(frozen=True)
class Wait:
    """Too many wrong guesses; `time` until one more is allowed."""

    time: timedelta


Outcome = SignedIn | CodeWanted | Refused | Elsewhere | Wait


def sign_in(session: Session, email: str, password: str, *, browser: Browser, factor: int, at: datetime) -> Outcome:
    """Check a password and start a session, ending the one the browser had.

    A refusal is an answer, not an error: the failed attempt it counts must be committed. `factor` multiplies the
    limits. Takes as long for an unknown account as for a known one.
    """
    known_form = rules.account_email(email)
    row = session.execute(select(User.password_hash, *ACCOUNT).where(User.email == known_form)).first()
    typed = known_form or email.strip()[: rules.LONGEST_EMAIL]
    who = guesser(session, typed, row.id if row else None, browser, at=at)
    waiting = THROTTLE.wait(session, who, factor=factor, at=at)
    if waiting is not None:
        return Wait(waiting)
    right = passwords.matches(row.password_hash if row else None, password)
    if row is None or not right or not row.active:
        THROTTLE.record_failure(session, who, at=at)
        return Refused()
    THROTTLE.forget(session, who.subject)
    _keep_hash_new(session, row, password)
    account = account_of(row)
    if not admission.takes_password(session, account.id):
        return Elsewhere()
    admission.note_rescue(session, account.id)
    if steps.wants_code(session, account):
        return CodeWanted(steps.begin(session, account.id, at=at))
    return welcome(session, account, browser, at=at)


def welcome(
    session: Session, account: Account, browser: Browser, *, at: datetime, through: Through | None = None
) -> SignedIn:
    """Start the session of somebody who has shown everything that was asked for."""
    if browser.session:
        sign_out(session, browser.session)
    token = start(session, account, at=at, origin=browser.origin, through=through)
    address = browser.origin.address
    if not browser.device_id and browsers.is_new_place(session, browser.known, account.id, address, at=at):
        publish(session, SignedInFromNewPlace(account.id))
    known = browsers.remember(session, browser.known, account.id, address, at=at)
    return SignedIn(account, token, known)


def guesser(session: Session, email: str, user_id: UUID | None, browser: Browser, *, at: datetime) -> Guesser:
    """Whose guesses count together: those at a shared device, in a browser known for this account, or of strangers."""
    if browser.device_id:
        return Guesser(subject("device", f"{email} {browser.device_id}"))
    if user_id and browsers.is_known(session, browser.known, user_id, at=at):
        return Guesser(subject("browser", f"{email} {crypto.hash_token(browser.known or '')}"))
    return Guesser(subject("user", email), browser.origin.address)


def _keep_hash_new(session: Session, row: Row[*tuple[object, ...]], password: str) -> None:
    """Hash again what was hashed with less effort than today's."""
    if passwords.is_outdated(row.password_hash):
        better = passwords.rehashed(password)
        session.execute(update(User).where(User.id == row.id).values(password_hash=better))
