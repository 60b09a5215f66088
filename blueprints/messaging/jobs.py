"""Due work of messaging: sending, and settling doubts."""

from __future__ import annotations

from blueprints.messaging.service import deliver, settle
from shopbell.due import JobRun, job


@job(deliver.SEND, own_transactions=True)
def send_message(run: JobRun) -> None:
    deliver.send(run)


@job(deliver.SETTLE, own_transactions=True)
def settle_message(run: JobRun) -> None:
    settle.settle(run)
