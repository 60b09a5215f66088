"""Sessions of signed-in browsers. The cookie holds a random token, the table its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import Identity, IdentityProvider, User, UserSession
from blueprints.access.queries import ACCOUNT, Account, account_of
from shopbell import crypto, ids, runtime
from shopbell.crypto import BadToken, Sealer
from shopbell.prepared import Prepared


@dataclass(frozen=True)
class Origin:
    """Where a browser is, and what it says it is."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Desk:
    """A shared device, and the branch it stands at."""

    device_id: UUID
    branch_id: UUID


@dataclass(frozen=True)
class Through:
    """The identity provider that let somebody in, for how long at most, and the token that it did so with."""

    provider_id: UUID
    life: timedelta
    id_token: str
    sid: str = ""


@dataclass(frozen=True)
class Presence:
    """Somebody signed in; by PIN when there is a branch, and then for that branch alone."""

    session_id: UUID
    account: Account
    branch_id: UUID | None


class Found(NamedTuple):
    """A session's row with its owner's."""

    session_id: UUID
    branch_id: UUID | None
    last_seen_at: datetime
    expires_at: datetime
    id: UUID
    email: str
    name: str
    locale: str | None
    active: bool
    held: list[Any] | None


NOWHERE = Origin()
PURPOSE = "access.id_token"
LONGEST_ID_TOKEN = 8000
# Every request of staff begins with it.
RESUME = Prepared(
    select(UserSession.id, UserSession.branch_id, UserSession.last_seen_at, UserSession.expires_at, *ACCOUNT)
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.token_hash == bindparam("token"), User.active)
)


def start(
    session: Session,
    owner: Account,
    *,
    at: datetime,
    origin: Origin = NOWHERE,
    desk: Desk | None = None,
    through: Through | None = None,
) -> str:
    """A new session's token, for somebody who has proved who they are; at a `desk` by PIN, or `through` a provider.

    Sessions of this account that are over are removed on the way.
    """
    over = (UserSession.expires_at <= at) | (UserSession.last_seen_at <= at - rules.IDLE)
    session.execute(delete(UserSession).where(UserSession.user_id == owner.id, over))
    token = crypto.new_token()
    longest = rules.DESK_ABSOLUTE if desk else rules.ABSOLUTE
    session.add(
        UserSession(
            id=ids.uuid7(),
            token_hash=crypto.hash_token(token),
            user_id=owner.id,
            device_id=desk.device_id if desk else None,
            branch_id=desk.branch_id if desk else None,
            provider_id=through.provider_id if through else None,
            id_token=_sealed(through) if through else None,
            provider_sid=through.sid or None if through else None,
            address=origin.address,
            agent=origin.agent[: rules.LONGEST_AGENT],
            created_at=at,
            last_seen_at=at,
            expires_at=at + (min(longest, through.life) if through else longest),
        )
    )
    session.flush()
    return token


def resume(session: Session, token: str, *, at: datetime, used: bool = True) -> Presence | None:
    """Whose session this is, or None when there is none, it is over, or the account is closed.

    Not `used`: a page that asks by itself, which keeps nobody signed in at a desk they have left.
    """
    token_hash = crypto.hash_token(token)
    rows = RESUME.run(session, {"token": token_hash})
    if not rows:
        return None
    row = Found(*rows[0])
    idle = rules.DESK_IDLE if row.branch_id else rules.IDLE
    if rules.is_expired(row.last_seen_at, row.expires_at, at, idle):
        return None
    if row.last_seen_at <= at - rules.TOUCH_EVERY and (used or row.branch_id is None):
        _touch(session, token_hash, at)
    return Presence(row.session_id, account_of(row), row.branch_id)


def opened_through(session: Session, token: str) -> tuple[UUID, str] | None:
    """The provider that this session was opened through, with its token as far as it was kept; None for others."""
    columns = UserSession.provider_id, UserSession.id_token
    row = session.execute(select(*columns).where(UserSession.token_hash == crypto.hash_token(token))).first()
    if row is None or row.provider_id is None:
        return None
    try:
        return row.provider_id, _sealer().open(str(row.provider_id), row.id_token or "")
    except BadToken:
        return row.provider_id, ""


def is_fresh(session: Session, token: str, *, at: datetime) -> bool:
    """Whether a provider let its owner in a moment ago: as good as their password."""
    opened = UserSession.provider_id.is_not(None), UserSession.created_at > at - rules.FRESH
    found = select(UserSession.id).where(UserSession.token_hash == crypto.hash_token(token), *opened)
    return session.scalar(found) is not None


def sign_out(session: Session, token: str) -> None:
    """End a session. May be repeated."""
    session.execute(delete(UserSession).where(UserSession.token_hash == crypto.hash_token(token)))


def end(session: Session, user_id: UUID, session_id: UUID) -> bool:
    """End one session of somebody's. May be repeated; says whether there was one."""
    found = delete(UserSession).where(UserSession.user_id == user_id, UserSession.id == session_id)
    return session.scalar(found.returning(UserSession.id)) is not None


def end_through(session: Session, provider_id: UUID, *, subject: str, sid: str, before: datetime) -> set[UUID]:
    """End what was opened through a provider before an instant: the one session of this `sid`, or else all of the
    `subject`'s. Returns whose they were; may be repeated."""
    opened = UserSession.provider_id == provider_id, UserSession.created_at < before
    ended = delete(UserSession).where(*opened)
    if sid:
        ended = ended.where(UserSession.provider_sid == sid)
    if subject:
        issuer = select(IdentityProvider.issuer).where(IdentityProvider.id == provider_id).scalar_subquery()
        known = select(Identity.user_id).where(Identity.issuer == issuer, Identity.subject == subject)
        ended = ended.where(UserSession.user_id.in_(known))
    return set(session.scalars(ended.returning(UserSession.user_id).execution_options(synchronize_session=False)))


def end_all(session: Session, user_id: UUID, *, but: str = "") -> None:
    """End all sessions of somebody's, `but` the one of this token."""
    kept = crypto.hash_token(but)
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.token_hash != kept))


def _sealed(through: Through) -> str | None:
    if len(through.id_token) > LONGEST_ID_TOKEN:
        return None
    return _sealer().seal(str(through.provider_id), through.id_token)


def _sealer() -> Sealer:
    return runtime.sealer(PURPOSE)


def _touch(session: Session, token_hash: str, at: datetime) -> None:
    """Note that the session is in use; requests side by side must not wait for each other over that."""
    free = select(UserSession.token_hash).where(UserSession.token_hash == token_hash).with_for_update(skip_locked=True)
    statement = update(UserSession).where(UserSession.token_hash.in_(free)).values(last_seen_at=at)
    session.execute(statement.execution_options(synchronize_session=False))
