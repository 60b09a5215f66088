"""The failed attempts of staff and of programs. From where people of the chain sign in, more may fail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import KnownBrowser, SignInAttempt
from shopbell.throttle import Throttle


def is_known(session: Session, address: str, at: datetime) -> bool:
    """Whether somebody of the chain has signed in from there of late."""
    lately = select(KnownBrowser.user_id).where(
        KnownBrowser.address == address, KnownBrowser.used_at > at - rules.ADDRESS_KNOWN
    )
    return bool(session.scalar(select(exists(lately))))


THROTTLE = Throttle(SignInAttempt, known=is_known)
