"""Who is let in without their identity provider being asked, once a chain says that there is no other way in.

That bounds everything that outlives a sign-in: PINs and apps work on for a week after the
provider last let somebody in.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import Identity, IdentityProvider, User
from blueprints.access.service import records

EXCLUSIVE = select(IdentityProvider.id).where(IdentityProvider.exclusive)
RESCUES = select(IdentityProvider.rescue_id).where(IdentityProvider.exclusive)


def only_way(session: Session) -> str | None:
    """The name of the provider that everybody has to go through; None when passwords are taken."""
    found = select(IdentityProvider.name).where(IdentityProvider.exclusive)
    return session.scalar(found.order_by(IdentityProvider.name).limit(1))


def takes_password(session: Session, user_id: UUID) -> bool:
    """Whether this account's password lets somebody in: when there is another way, only that of a rescue account."""
    return bool(
        session.scalar(select(or_(~exists(EXCLUSIVE), exists(RESCUES.where(IdentityProvider.rescue_id == user_id)))))
    )


def note_rescue(session: Session, user_id: UUID) -> None:
    """Write down that the rescue account was used."""
    if only_way(session) is not None:
        records.note(session, user_id, "rescued", by=user_id)


def vouched(at: datetime) -> ColumnElement[bool]:
    """Of a user: nothing else is needed, or a provider has let them in of late."""
    lately = select(Identity.user_id).where(Identity.user_id == User.id, Identity.last_seen_at > at - rules.VOUCHED)
    rescue = RESCUES.where(IdentityProvider.rescue_id == User.id)
    return or_(~exists(EXCLUSIVE), exists(lately.correlate(User)), exists(rescue.correlate(User)))


def is_vouched(session: Session, user_id: UUID, *, at: datetime) -> bool:
    return session.scalar(select(User.id).where(User.id == user_id, vouched(at))) is not None
