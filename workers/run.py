"""A worker process: waits for wake-ups and does the due work of the tenant they name, the urgent first.

RQ's SimpleWorker runs jobs in this process: forking for each would cost more than the work. Recovery after a crash is
not RQ's: leases in PostgreSQL run out and the relay wakes somebody else.
"""

from __future__ import annotations

import logging
from functools import cache
from uuid import UUID

from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from blueprints.messaging import api as messaging
from blueprints.registry import handlers
from shopbell import due, runtime
from shopbell.db import Database
from shopbell.logs import configure_logging
from shopbell.settings import Settings
from tenants.resolve import Directory
from workers import queues
from workers.drain import Drain

log = logging.getLogger(__name__)


@cache
def drain() -> Drain:
    """This process's drain, built by the first job."""
    settings = runtime.settings()
    database = Database.from_settings(settings, "shopbell-worker")
    return Drain(database, Directory(database).by_id, handlers(), lease_seconds=settings.lease_seconds)


def drain_tenant(tenant_id: str, lane: str = queues.ORDINARY) -> None:
    """The job: a tenant's turn. The release before names no lane."""
    drain().tenant(UUID(tenant_id), up_to=due.URGENT if lane == queues.URGENT else due.BULK)


def main() -> None:
    settings = Settings.load()
    runtime.install(settings)
    configure_logging()
    redis = Redis.from_url(settings.redis_url)
    messaging.listen(drain().database, drain().find)
    worker = SimpleWorker(
        [queues.queue(redis, lane) for lane in queues.LANES], connection=redis, serializer=JSONSerializer
    )
    worker.work(logging_level="WARNING", with_scheduler=False)


if __name__ == "__main__":
    # `python -m` names this module __main__, and jobs are found as workers.run: one drain, not two.
    from workers.run import main as run_worker

    run_worker()
