"""Redis: wake-ups only. A job says whose turn it is; what is to be done stands in PostgreSQL.

A lane is a ring: a tenant that still has due work after its turn is put behind all others that wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

URGENT, ORDINARY = LANES = ("urgent", "drain")
"""Workers look at the urgent lane first."""
JOB = "workers.run.drain_tenant"


def connect(url: str) -> Redis:
    """Redis without the client's own seconds of retrying: whoever asks goes round again anyway."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=2, socket_timeout=5)


def queue(redis: Redis, lane: str = ORDINARY) -> Queue:
    return Queue(lane, connection=redis, serializer=JSONSerializer)


def wake(redis: Redis, tenant_ids: Iterable[UUID], lane: str = ORDINARY) -> int:
    """Let these tenants have a turn: each stands in the lane once, behind those who came before. Returns how many were
    not in it already. Raises redis.RedisError when Redis is away.
    """
    target = queue(redis, lane)
    there = {job_id.partition("_")[0] for job_id in target.job_ids}
    turns = [
        Queue.prepare_data(
            JOB,
            [str(tenant_id), lane],
            job_id=f"{tenant_id.hex}_{uuid4().hex}",
            result_ttl=0,
            failure_ttl=60,
            timeout=600,
        )
        for tenant_id in tenant_ids
        if tenant_id.hex not in there
    ]
    if turns:
        target.enqueue_many(turns)
    return len(turns)
