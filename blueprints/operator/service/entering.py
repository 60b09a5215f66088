"""Signing in: a password, then a code from the phone. Nothing is open in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.operator import rules
from blueprints.operator.models import Operator, OperatorSession
from blueprints.operator.service import codes, records
from blueprints.operator.service.records import Author
from blueprints.operator.service.throttle import THROTTLE
from shopbell import crypto, runtime
from shopbell.crypto import BadToken, Signer
from shopbell.throttle import Guesser, subject

KNOWN = "operator.browser"


@dataclass(frozen=True)
class Browser:
    """What a browser brings along: where it is, and the token it is known by."""

    address: str
    known: str | None = None
    agent: str = ""


@dataclass(frozen=True)
class CodeWanted:
    """The password was right; `token` leads to the next step and no further."""

    token: str


@dataclass(frozen=True)
class SignedIn:
    """Proved; `token` is the session's, `known` what the browser is known by from now on. Whoever has just set up their
    phone is given recovery codes."""

    token: str
    known: str
    recovery: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """This is not right, or the account is closed."""


@dataclass(frozen=True)
class Wait:
    """Too many wrong guesses; `time` until one more is allowed."""

    time: timedelta


def sign_in(
    directory: Session, email: str, password: str, *, browser: Browser, factor: int, at: datetime
) -> CodeWanted | Refused | Wait:
    """Check a password. A refusal is an answer, not an error: the failed attempt it counts must be committed.

    Takes as long for an unknown account as for a known one.
    """
    address = access.account_email(email)
    found = directory.scalar(select(Operator).where(Operator.email == address)) if address else None
    who = _guesser("password", address or email[:254], found, browser, at)
    waiting = THROTTLE.wait(directory, who, factor=factor, at=at)
    if waiting is not None:
        return Wait(waiting)
    right = access.password_matches(found.password_hash if found else None, password)
    if found is None or not right or not found.active:
        THROTTLE.record_failure(directory, who, at=at)
        return Refused()
    THROTTLE.forget(directory, who.subject)
    over = (OperatorSession.expires_at <= at) | (OperatorSession.last_seen_at <= at - rules.IDLE)
    directory.execute(delete(OperatorSession).where(OperatorSession.operator_id == found.id, over))
    return CodeWanted(_begin(directory, found.id, browser, life=rules.STEP_LIFE, proved=None, at=at))


def at_step(directory: Session, token: str | None, *, at: datetime) -> Operator | None:
    """Who is to show a code; None when the step is over, or the account was closed meanwhile."""
    if not token:
        return None
    statement = (
        select(Operator)
        .join(OperatorSession, OperatorSession.operator_id == Operator.id)
        .where(OperatorSession.token_hash == crypto.hash_token(token), OperatorSession.proved_at.is_(None))
        .where(OperatorSession.expires_at > at, Operator.active)
    )
    return directory.scalar(statement.with_for_update(of=Operator))


def show_code(
    directory: Session, step: str, found: Operator, code: str, *, browser: Browser, factor: int, at: datetime
) -> SignedIn | Refused | Wait:
    """Start the session of somebody at this step; the first code that is shown sets the phone up for good."""
    who, by = _guesser("code", found.email, found, browser, at), Author(found.id, found.name, browser.address)
    right = THROTTLE.guess(directory, who, lambda: codes.accepts(directory, found, code, by=by), factor=factor, at=at)
    if isinstance(right, timedelta):
        return Wait(right)
    if not right:
        return Refused()
    recovery: list[str] = []
    if found.totp_confirmed_at is None:
        found.totp_confirmed_at = at
        records.note(directory, by, "codes_on")
        recovery = codes.renew_recovery_codes(directory, found, by=by)
    sign_out(directory, step)
    token = _begin(directory, found.id, browser, life=rules.ABSOLUTE, proved=at, at=at)
    records.note(directory, by, "signed_in")
    known = _signer().sign_compact(KNOWN, found.id, at + rules.BROWSER_KNOWN)
    return SignedIn(token, known, tuple(recovery))


def resume(directory: Session, token: str, *, at: datetime) -> Operator | None:
    """Whose session this is, or None when there is none, it is over or not proved, or the account is closed."""
    token_hash = crypto.hash_token(token)
    row = directory.execute(
        select(Operator, OperatorSession.last_seen_at, OperatorSession.expires_at)
        .join(OperatorSession, OperatorSession.operator_id == Operator.id)
        .where(OperatorSession.token_hash == token_hash, OperatorSession.proved_at.is_not(None), Operator.active)
    ).first()
    if row is None or rules.is_over(row.last_seen_at, row.expires_at, at):
        return None
    if row.last_seen_at <= at - rules.TOUCH_EVERY:
        # Requests side by side must not wait for each other over that.
        free = select(OperatorSession.token_hash).where(OperatorSession.token_hash == token_hash)
        touched = update(OperatorSession).where(OperatorSession.token_hash.in_(free.with_for_update(skip_locked=True)))
        directory.execute(touched.values(last_seen_at=at).execution_options(synchronize_session=False))
    found: Operator = row[0]
    return found


def sign_out(directory: Session, token: str) -> None:
    """End a session or a step. May be repeated."""
    directory.execute(delete(OperatorSession).where(OperatorSession.token_hash == crypto.hash_token(token)))


def _begin(
    directory: Session, operator_id: UUID, browser: Browser, *, life: timedelta, proved: datetime | None, at: datetime
) -> str:
    token = crypto.new_token()
    begun = OperatorSession(token_hash=crypto.hash_token(token), operator_id=operator_id, proved_at=proved)
    begun.address, begun.agent = browser.address, browser.agent[: rules.LONGEST_AGENT]
    begun.created_at, begun.last_seen_at, begun.expires_at = at, at, at + life
    directory.add(begun)
    directory.flush()
    return token


def _guesser(kind: str, account: str, found: Operator | None, browser: Browser, at: datetime) -> Guesser:
    if found and browser.known and _is_known(browser.known, found.id, at):
        return Guesser(subject(kind, f"{account} {crypto.hash_token(browser.known)}"))
    return Guesser(subject(kind, account), browser.address)


def _is_known(token: str, operator_id: UUID, at: datetime) -> bool:
    try:
        return _signer().read_compact(KNOWN, token, at) == operator_id
    except BadToken:
        return False


def _signer() -> Signer:
    return runtime.signer()
