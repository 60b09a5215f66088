"""What access does outside of requests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from blueprints.access.service import forgotten
from shopbell import clock, due


@due.job(forgotten.KIND)
def send_forgotten(session: Session, _key: str, payload: dict[str, Any]) -> None:
    forgotten.send(session, payload["email"], at=clock.now())
