"""What people do with their own account. Whoever finds a browser signed in still has to know the password."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blueprints.access import errors
from blueprints.access.models import User
from blueprints.access.service import passwords, totp
from blueprints.access.service.throttle import THROTTLE
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.throttle import Guesser, subject

Proof = bool | timedelta
"""Whether it was right, or how long to wait before one more guess. An answer: the wrong guess it counts is kept."""


def knows_password(session: Session, user_id: UUID, password: str, *, factor: int, at: datetime) -> Proof:
    def right() -> bool:
        return passwords.matches(session.scalar(select(User.password_hash).where(User.id == user_id)), password)

    return THROTTLE.guess(session, Guesser(subject("own password", str(user_id))), right, factor=factor, at=at)


def has_code(session: Session, user_id: UUID, code: str, *, factor: int, at: datetime) -> Proof:
    """Whether the code is one of their phone's, or a recovery code; it is used up by that."""
    who = Guesser(subject("own code", str(user_id)))
    return THROTTLE.guess(session, who, lambda: totp.accepts(session, user_id, code, at=at), factor=factor, at=at)


def speak(session: Session, user_id: UUID, locale: str) -> None:
    """The language of their pages and mails from now on. Raises BadAccount."""
    if locale not in LOCALES:
        sentence = _("Choose one of our languages.")
        raise errors.BadAccount(sentence, fields={"locale": sentence})
    session.execute(update(User).where(User.id == user_id).values(locale=locale))
