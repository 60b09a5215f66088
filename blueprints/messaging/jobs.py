"""Due work of messaging: sending, settling doubts, and forgetting secrets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.service import deliver, settle
from shopbell.due import JobRun, job


@job(deliver.SEND, own_transactions=True)
def send_message(run: JobRun) -> None:
    deliver.send(run)


@job(deliver.SETTLE, own_transactions=True)
def settle_message(run: JobRun) -> None:
    settle.settle(run)


@job(deliver.FORGET)
def forget_secret(session: Session, key: str, _payload: dict[str, Any]) -> None:
    deliver.forget(session, UUID(key))
