"""Due work of messaging: sending, settling doubts, reminding, and messages somebody asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.service import deliver, settle
from blueprints.messaging.service.compose import compose, compose_reminder
from blueprints.messaging.service.reminders import REMIND
from blueprints.messaging.service.wishes import TELL
from shopbell.due import JobRun, job


@job(deliver.SEND, own_transactions=True)
def send_message(run: JobRun) -> None:
    deliver.send(run)


@job(deliver.SETTLE, own_transactions=True)
def settle_message(run: JobRun) -> None:
    settle.settle(run)


@job(REMIND)
def remind_of_booking(session: Session, key: str, payload: dict[str, Any]) -> None:
    compose_reminder(session, UUID(key))


@job(TELL)
def tell_customer(session: Session, key: str, payload: dict[str, Any]) -> None:
    compose(session, payload["template"], UUID(payload["booking"]), version=payload["version"])
