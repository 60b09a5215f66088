"""Due work of customers' sign-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.account.service import proving
from shopbell import clock
from shopbell.due import job


@job(proving.SEND)
def send_code(session: Session, key: str, payload: dict[str, Any]) -> None:
    proving.send(session, UUID(key), payload, at=clock.now())
