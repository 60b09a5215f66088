"""How often somebody may ask: an address what everybody may do without signing in, and a program the API.

Counted over all processes, in Redis, per minute where nothing else is said. A process takes its share of a window in
portions, so that a busy program costs one round trip in many requests, and whoever is over the limit costs none. While
Redis is away each process counts by itself, with a leaking bucket: the limit is then as many times higher as there are
processes.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from flask import Response
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from shopbell.auth import Principal
from shopbell.errors import TooMany
from shopbell.http.context import application, client_address, this_g, this_request
from shopbell.i18n import gettext as _

log = logging.getLogger(__name__)

V = TypeVar("V", bound=Callable[..., Any])
ADDRESSES = 10_000
WINDOW = 60
PORTIONS = 50
"""Into how many portions a limit is parted: what a process has taken and does not use is lost to the others."""
PATIENCE = 0.1
"""Seconds for which Redis is waited for."""
AWAY = 5.0
"""Seconds for which it is left alone after it did not answer."""


class Standing(NamedTuple):
    """Where somebody stands in this window, which ends in so many `seconds`; `left` may be a portion too low or too
    high."""

    policy: str
    limit: int
    left: int
    seconds: int
    over: bool
    window: int = WINDOW


@dataclass
class _Share:
    """What this process has taken of somebody's window: `spare` is not used yet, `taken` was by all processes."""

    window: int
    spare: int = 0
    taken: int = 0


class Buckets:
    """Fills by one with every request and leaks evenly; `full` says when a bucket would run over."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = Lock()
        self._levels: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def full(self, purpose: str, address: str, limit: float, window: int = WINDOW) -> bool:
        """Count one request; True when this address has had its share of the last `window` seconds."""
        now, key = self.clock(), (purpose, address)
        with self._lock:
            level, since = self._levels.pop(key, (0.0, now))
            level = max(0.0, level - (now - since) * limit / window)
            over = level + 1 > limit
            self._levels[key] = (level if over else level + 1, now)
            while len(self._levels) > ADDRESSES:
                self._levels.popitem(last=False)
        return over

    def empty(self) -> None:
        """Forget every address."""
        with self._lock:
            self._levels.clear()


class Limits:
    """Counts over all processes. Bounded; nothing in it raises."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._lock = Lock()
        self._shares: OrderedDict[str, _Share] = OrderedDict()
        self._redis: dict[str, Redis] = {}
        self._away_until = 0.0
        self._salt = ""

    def take(self, redis_url: str, policy: str, who: str, limit: int, window: int = WINDOW) -> Standing:
        """Count one request of somebody's; a policy is always asked for with the same window, in seconds."""
        now, key = self.clock(), f"limit:{self._salt}{policy}:{who}"
        number, seconds = int(now) // window, window - int(now) % window
        with self._lock:
            share = self._share(key, number)
            if share.spare or share.taken >= limit:
                return self._standing(share, policy, limit, seconds, window)
        portion = max(1, limit // PORTIONS)
        taken = self._take_portion(redis_url, f"{key}:{number}", portion, now, window)
        if taken is None:
            return Standing(policy, limit, 0, seconds, BUCKETS.full(policy, who, limit, window), window)
        with self._lock:
            share = self._share(key, number)
            share.taken = max(share.taken, taken)
            share.spare += max(0, min(portion, limit - (taken - portion)))
            return self._standing(share, policy, limit, seconds, window)

    def empty(self) -> None:
        """Begin anew, whatever was counted so far."""
        with self._lock:
            self._shares.clear()
            self._salt = f"{secrets.token_hex(4)}:"

    @staticmethod
    def _standing(share: _Share, policy: str, limit: int, seconds: int, window: int) -> Standing:
        """Use one of the share, if there is one."""
        over = share.spare == 0
        if not over:
            share.spare -= 1
        return Standing(policy, limit, max(0, limit - share.taken) + share.spare, seconds, over, window)

    def _share(self, key: str, window: int) -> _Share:
        share = self._shares.pop(key, None)
        if share is None or share.window != window:
            share = _Share(window)
        self._shares[key] = share
        while len(self._shares) > ADDRESSES:
            self._shares.popitem(last=False)
        return share

    def _take_portion(self, url: str, key: str, portion: int, now: float, window: int) -> int | None:
        """How much of the window is taken by now, this portion with it; None while Redis is away."""
        if now < self._away_until:
            return None
        try:
            with self._connection(url).pipeline(transaction=False) as asked:
                asked.incrby(key, portion)
                asked.expire(key, 2 * window)
                taken, _expires = asked.execute()
        except RedisError as error:
            self._away_until = now + AWAY
            log.warning("redis cannot be reached, each process counts by itself: %s", error)
            return None
        return int(taken)

    def _connection(self, url: str) -> Redis:
        found = self._redis.get(url)
        if found is None:
            retry = Retry(NoBackoff(), 0)
            found = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=retry)
            self._redis[url] = found
        return found


BUCKETS = Buckets()
LIMITS = Limits()


def limited(purpose: str, *, per_minute: int) -> Callable[[V], V]:
    """Let one address use the view so often; raises TooMany beyond. `rate_limit_factor` of the settings multiplies."""

    def decorate(view: V) -> V:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            spend(purpose, client_address(), per_minute * application().settings.rate_limit_factor)
            return view(*args, **kwargs)

        return counted  # type: ignore[return-value]

    return decorate


def spend(policy: str, who: str, limit: int, window: int = WINDOW) -> None:
    """Count one request; raises TooMany beyond the limit."""
    this_g().standing = standing = LIMITS.take(application().settings.redis_url, policy, who, limit, window)
    if standing.over:
        raise TooMany(_("That was a lot at once. Please wait a minute and try again."))


def spend_address() -> None:
    """Count a call of the API that a program makes: twice as many come from one address as from one program."""
    asked = this_request()
    if asked.path.startswith("/api/") and "Authorization" in asked.headers:
        spend("address", client_address(), 2 * _api_limit())


def spend_client(principal: Principal) -> None:
    """Count a call of the API by a program that is known by now."""
    if principal.kind == "client":
        spend("client", str(principal.id), _api_limit())


def _api_limit() -> int:
    settings = application().settings
    return settings.api_per_minute * settings.rate_limit_factor


def tell(response: Response) -> Response:
    """Tell a program where it stands (draft-ietf-httpapi-ratelimit-headers), and anybody how long to wait."""
    standing: Standing | None = this_g().get("standing")
    if standing is None:
        return response
    if this_request().path.startswith("/api/"):
        response.headers.add("RateLimit-Policy", f'"{standing.policy}";q={standing.limit};w={standing.window}')
        response.headers.add("RateLimit", f'"{standing.policy}";r={standing.left};t={standing.seconds}')
    if standing.over:
        response.headers["Retry-After"] = str(standing.seconds)
    return response
