"""Due work of reviews."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.reviews import service
from shopbell.due import job


@job(service.ASK)
def ask(session: Session, key: str, payload: dict[str, Any]) -> None:
    """The visit is some hours ago: ask how it was."""
    service.ask(session, UUID(key))
