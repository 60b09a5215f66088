"""Redis: wake-ups only. A job says which tenant has something due; what it is stands in PostgreSQL."""

from __future__ import annotations

from uuid import UUID

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE = "drain"
JOB = "workers.run.drain_tenant"


def connect(url: str) -> Redis:
    """Redis without the client's own seconds of retrying: whoever asks goes round again anyway."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=2, socket_timeout=5)


def queue(redis: Redis) -> Queue:
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def wake(redis: Redis, tenant_ids: list[UUID]) -> None:
    """Tell a worker that these tenants have due work. Raises redis.RedisError when Redis is away."""
    target = queue(redis)
    for tenant_id in tenant_ids:
        target.enqueue(JOB, str(tenant_id), result_ttl=0, failure_ttl=60, job_timeout=600)
