"""Due work of the waitlist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.waitlist import service
from blueprints.waitlist.rules import Freed
from blueprints.waitlist.service.records import FILL, OVER, SETTLE
from shopbell.due import job
from shopbell.errors import NotFound


@job(FILL)
def fill(session: Session, key: str, payload: dict[str, Any]) -> None:
    """Offer a freed time."""
    service.fill(session, Freed.of(key))


@job(SETTLE)
def settle(session: Session, key: str, payload: dict[str, Any]) -> None:
    """End an offer that is over, and let the next one have the time."""
    try:
        service.settle(session, UUID(key))
    except NotFound:
        return


@job(OVER)
def over(session: Session, key: str, payload: dict[str, Any]) -> None:
    """The last day of a wish has passed."""
    try:
        service.over(session, UUID(key))
    except NotFound:
        return
