"""Due work of alerts."""

from __future__ import annotations

from blueprints.alerts.service import sending
from blueprints.alerts.service.raising import SEND
from shopbell.due import JobRun, job


@job(SEND, own_transactions=True)
def send(run: JobRun) -> None:
    sending.send(run)
