"""Due work of webhooks."""

from __future__ import annotations

from blueprints.webhooks.service.outgoing import SEND
from blueprints.webhooks.service.sending import send_round
from shopbell.due import JobRun, job


@job(SEND, own_transactions=True)
def send(run: JobRun) -> None:
    send_round(run)
