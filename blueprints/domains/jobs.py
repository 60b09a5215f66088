"""Due work of own domains: looking at the records of mail. Host names are looked for by `tenants.domains`."""

from __future__ import annotations

from blueprints.domains import service
from shopbell.due import JobRun, job


@job(service.CHECK, own_transactions=True)
def check_mail(run: JobRun) -> None:
    service.look(run)
