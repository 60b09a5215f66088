"""What Redis knows: how many wake-ups wait, and which workers are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, Worker

PATIENCE = 2.0
"""Seconds for which Redis is waited for."""


@dataclass(frozen=True)
class WakeUps:
    """`waiting` is over all queues; `workers` are (name, state, last sign of life). Nothing is known while `away`."""

    away: bool
    waiting: int = 0
    workers: tuple[tuple[str, str, datetime | None], ...] = ()


def wake_ups(url: str) -> WakeUps:
    with Redis.from_url(
        url, retry=Retry(NoBackoff(), 0), socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    ) as redis:
        try:
            waiting = sum(queue.count for queue in Queue.all(connection=redis))
            workers = Worker.all(connection=redis)
            found = [(worker.name, str(worker.get_state()), _utc(worker.last_heartbeat)) for worker in workers]
        except RedisError:
            return WakeUps(away=True)
    return WakeUps(False, waiting, tuple(sorted(found)))


def _utc(at: datetime | None) -> datetime | None:
    """RQ's times are in UTC, some without saying so."""
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
