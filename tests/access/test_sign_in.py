"""Signing in is checked with the same effort for everybody, and guessing is slowed down."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import service
from blueprints.access.models import SignInAttempt, UserSession
from blueprints.access.service import Browser, Origin, passwords
from blueprints.access.service.throttle import THROTTLE
from shopbell import crypto, throttle
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from tests.access.conftest import EMAIL, PASSWORD

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Outcome = service.SignedIn | service.CodeWanted | service.Refused | service.Elsewhere | service.Wait


def attempt(
    session: Session, email: str, password: str, *, address: str = "10.0.0.1", at: datetime = NOON, factor: int = 1
) -> Outcome:
    return service.sign_in(session, email, password, browser=Browser(Origin(address)), factor=factor, at=at)


def fail(session: Session, times: int, email: str = EMAIL, address: str = "10.0.0.1", at: datetime = NOON) -> None:
    """Wrong guesses one second apart."""
    for number in range(times):
        moment = at + timedelta(seconds=number)
        assert isinstance(attempt(session, email, "wrong", address=address, at=moment), service.Refused)


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 takes its time, on purpose; where only counting is looked at, a comparison will do."""
    monkeypatch.setattr(passwords, "matches", lambda stored_hash, password: bool(stored_hash) and password == PASSWORD)


def test_the_right_password_starts_a_session_kept_as_a_hash(session: Session, an: UUID) -> None:
    outcome = attempt(session, " AN@example.com", PASSWORD)
    assert isinstance(outcome, service.SignedIn)
    assert outcome.account.id == an
    stored = session.scalars(select(UserSession.token_hash)).all()
    assert stored == [crypto.hash_token(outcome.token)]


def test_an_unknown_account_costs_one_verification_like_a_known_one(
    session: Session, an: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    matches = passwords.matches

    def watched(stored_hash: str | None, password: str) -> bool:
        verified.append("known" if stored_hash else "unknown")
        return matches(stored_hash, password)

    monkeypatch.setattr(passwords, "matches", watched)
    for email in (EMAIL, "nobody@example.com", "not an address", "nul\0@example.com"):
        assert attempt(session, email, "wrong") == service.Refused()
    assert verified == ["known", "unknown", "unknown", "unknown"]


@pytest.mark.usefixtures("quick_passwords")
def test_an_account_is_closed_to_guesses_until_the_oldest_one_is_a_quarter_of_an_hour_old(
    session: Session, an: UUID
) -> None:
    fail(session, throttle.TRIES_PER_ACCOUNT)
    blocked_at = NOON + timedelta(minutes=1)
    assert attempt(session, EMAIL, PASSWORD, address="10.0.0.2", at=blocked_at) == service.Wait(timedelta(minutes=14))
    assert isinstance(attempt(session, EMAIL, PASSWORD, at=NOON + throttle.WINDOW), service.SignedIn)


@pytest.mark.usefixtures("quick_passwords")
def test_unknown_accounts_are_closed_to_guesses_just_the_same(session: Session) -> None:
    fail(session, throttle.TRIES_PER_ACCOUNT, email="nobody@example.com")
    assert isinstance(attempt(session, "nobody@example.com", "wrong"), service.Wait)


@pytest.mark.usefixtures("quick_passwords")
def test_an_address_that_tries_many_accounts_is_slowed_down(session: Session, an: UUID) -> None:
    for number in range(throttle.TRIES_PER_ADDRESS):
        fail(session, 1, email=f"n{number}@example.com")
    assert isinstance(attempt(session, EMAIL, PASSWORD), service.Wait)
    assert isinstance(attempt(session, EMAIL, PASSWORD, address="10.0.0.2"), service.SignedIn)


@pytest.mark.usefixtures("quick_passwords")
def test_a_waiting_guess_is_not_counted_and_success_starts_anew(session: Session, an: UUID) -> None:
    fail(session, throttle.TRIES_PER_ACCOUNT - 1)
    assert isinstance(attempt(session, EMAIL, PASSWORD), service.SignedIn)
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0
    fail(session, throttle.TRIES_PER_ACCOUNT)
    for _ in range(3):
        assert isinstance(attempt(session, EMAIL, "wrong"), service.Wait)
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == throttle.TRIES_PER_ACCOUNT


@pytest.mark.usefixtures("quick_passwords")
def test_the_limits_grow_with_the_factor(session: Session, an: UUID) -> None:
    fail(session, throttle.TRIES_PER_ACCOUNT)
    assert isinstance(attempt(session, EMAIL, "wrong", factor=2), service.Refused)


@pytest.mark.usefixtures("quick_passwords")
def test_old_attempts_are_removed_and_no_typed_text_is_kept(session: Session, an: UUID) -> None:
    fail(session, 3, email="my secret password")
    fail(session, 1, at=NOON + timedelta(hours=1))
    kept = session.execute(select(SignInAttempt.subject, SignInAttempt.at)).all()
    assert [row.at for row in kept] == [NOON + timedelta(hours=1)]
    assert EMAIL not in kept[0].subject


def test_guesses_sent_side_by_side_do_not_slip_past_the_count(committed: Database, tenant: TenantContext) -> None:
    def turn(session: Session) -> timedelta | None:
        return THROTTLE.wait(session, throttle.Guesser("somebody", "10.0.0.1"), factor=1, at=NOON)

    with ExitStack() as open_transactions:
        at_once = [open_transactions.enter_context(committed.transaction(tenant)) for _ in range(4)]
        assert [turn(session) for session in at_once] == [None, None, None, throttle.TURN_WAIT]
    with committed.transaction(tenant) as session:
        assert turn(session) is None
