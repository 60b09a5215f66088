"""Due work of messaging: sending, settling doubts, and forgetting secrets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.service import deliver, kinds, settle
from shopbell.claims import Batch
from shopbell.due import JobRun, job


@job(kinds.SEND, batch=True)
def send_messages(batch: Batch) -> None:
    deliver.send(batch)


@job(kinds.SETTLE, own_transactions=True)
def settle_message(run: JobRun) -> None:
    settle.settle(run)


@job(kinds.FORGET)
def forget_secret(session: Session, key: str, _payload: dict[str, Any]) -> None:
    deliver.forget(session, UUID(key))
