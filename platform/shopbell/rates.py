"""How much may leave in a second: a bucket of tokens per name, the same for all processes.

The buckets are kept in Redis and not in PostgreSQL: there every message of the installation would lock the same row
until its transaction ends. What Redis forgets costs one second's burst. While it is away each process counts by itself;
workers are woken through it, so that little goes out then anyway.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from threading import Lock

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from shopbell import runtime

log = logging.getLogger(__name__)

PATIENCE = 0.2
"""Seconds for which Redis is waited for."""
AWAY = 5.0
"""Seconds for which it is left alone after it did not answer."""
TAKE = """
local rate, wanted = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(rate, (tonumber(known[1]) or rate) + (now - (tonumber(known[2]) or now)) * rate)
local granted = math.min(wanted, math.floor(tokens))
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - granted), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], 60)
return granted
"""


@dataclass
class _Bucket:
    tokens: float
    at: float


class Rates:
    """Safe between threads."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._take = self._redis.register_script(TAKE)
        self._lock = Lock()
        self._away_until = 0.0
        self._buckets: dict[str, _Bucket] = {}

    def take(self, name: str, wanted: int, per_second: int) -> int:
        """How many of the `wanted` may go now; all of them where `per_second` is 0."""
        if not per_second or not wanted:
            return wanted
        if time.monotonic() >= self._away_until:
            try:
                return int(self._take(keys=[f"rate:{name}"], args=[per_second, wanted]))
            except RedisError as error:
                self._away_until = time.monotonic() + AWAY
                log.warning("redis cannot be reached, each process counts by itself: %s", error)
        return self._take_here(name, wanted, per_second)

    def _take_here(self, name: str, wanted: int, per_second: int) -> int:
        now = time.monotonic()
        with self._lock:
            bucket = self._buckets.setdefault(name, _Bucket(per_second, now))
            tokens = min(float(per_second), bucket.tokens + (now - bucket.at) * per_second)
            granted = min(wanted, floor(tokens))
            bucket.tokens, bucket.at = tokens - granted, now
        return granted


@lru_cache(maxsize=4)
def _rates_at(url: str) -> Rates:
    return Rates(url)


def take(name: str, wanted: int, per_second: int) -> int:
    """How many of the `wanted` may go now, by the bucket of that name in the installation's Redis."""
    return _rates_at(runtime.settings().redis_url).take(name, wanted, per_second)
