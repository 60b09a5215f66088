"""A session lasts as long as it is used, up to seven days."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import queries, rules, service
from blueprints.access.models import UserSession
from blueprints.access.service import sessions

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def token(session: Session, an: UUID) -> str:
    return sessions.start(session, queries.list_users(session, limit=100)[0], at=NOON)


def last_seen(session: Session) -> datetime | None:
    return session.scalar(select(UserSession.last_seen_at))


def test_a_session_knows_its_owner(session: Session, an: UUID, token: str) -> None:
    presence = service.resume(session, token, at=NOON)
    assert presence is not None
    assert presence.account.id == an
    assert presence.branch_id is None


def test_a_session_ends_after_twelve_unused_hours(session: Session, token: str) -> None:
    assert service.resume(session, token, at=NOON + rules.IDLE) is None
    assert service.resume(session, token, at=NOON + rules.IDLE - timedelta(seconds=1)) is not None


def test_use_keeps_a_session_but_not_beyond_seven_days(session: Session, token: str) -> None:
    moment = NOON
    while moment + timedelta(hours=11) < NOON + rules.ABSOLUTE:
        moment += timedelta(hours=11)
        assert service.resume(session, token, at=moment) is not None
    assert service.resume(session, token, at=NOON + rules.ABSOLUTE) is None


def test_use_is_noted_once_a_minute(session: Session, token: str) -> None:
    service.resume(session, token, at=NOON + timedelta(seconds=59))
    assert last_seen(session) == NOON
    service.resume(session, token, at=NOON + timedelta(seconds=60))
    assert last_seen(session) == NOON + timedelta(seconds=60)


def test_signing_out_twice_is_signing_out(session: Session, token: str) -> None:
    service.sign_out(session, token)
    service.sign_out(session, token)
    assert service.resume(session, token, at=NOON) is None


def test_sessions_that_are_over_are_cleared_away_by_the_next_one(session: Session, token: str) -> None:
    sessions.start(session, queries.list_users(session, limit=100)[0], at=NOON + timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(UserSession)) == 1


@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "é" * 300])
def test_a_made_up_token_is_nobodys(session: Session, token: str, wrong: str) -> None:
    assert service.resume(session, wrong, at=NOON) is None
