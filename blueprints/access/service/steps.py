"""The step between a right password and a session: a code from the phone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import Role, RoleAssignment, SignInStep, User
from blueprints.access.queries import Account
from blueprints.access.service import totp
from shopbell import crypto


def wants_code(session: Session, account: Account) -> bool:
    """Whether a password alone does not sign this person in."""
    return totp.is_on(session, account.id) or is_required(session, account.id)


def is_required(session: Session, user_id: UUID) -> bool:
    """Whether one of their roles asks for codes."""
    held = (
        select(Role.id)
        .join(RoleAssignment, RoleAssignment.role_id == Role.id)
        .where(RoleAssignment.user_id == user_id, Role.requires_totp)
    )
    return bool(session.scalar(select(exists(held))))


def begin(session: Session, user_id: UUID, *, at: datetime) -> str:
    """A token that leads to the next step for ten minutes, and nowhere else."""
    session.execute(delete(SignInStep).where(SignInStep.user_id == user_id, SignInStep.expires_at <= at))
    token = crypto.new_token()
    step = SignInStep(token_hash=crypto.hash_token(token), user_id=user_id, created_at=at)
    step.expires_at = at + rules.STEP_LIFE
    session.add(step)
    session.flush()
    return token


def whose(session: Session, token: str | None, *, at: datetime) -> UUID | None:
    """Who is at this step; None when it is over, or the account was closed meanwhile."""
    if not token:
        return None
    statement = (
        select(SignInStep.user_id)
        .join(User, User.id == SignInStep.user_id)
        .where(SignInStep.token_hash == crypto.hash_token(token), SignInStep.expires_at > at, User.active)
    )
    return session.scalar(statement)


def finish(session: Session, user_id: UUID) -> None:
    """End every step of this person's: the code was shown, or the password changed."""
    session.execute(delete(SignInStep).where(SignInStep.user_id == user_id))
