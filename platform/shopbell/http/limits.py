"""How often one address may do what everybody may do without signing in.

A leaking bucket per address and purpose, in the memory of this process: it stops a script from holding every free time
of a shop, and costs neither a query nor a round trip. With several processes the limit is as many times higher.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar

from shopbell.errors import TooMany
from shopbell.http.context import application, client_address
from shopbell.i18n import gettext as _

V = TypeVar("V", bound=Callable[..., Any])
ADDRESSES = 10_000


class Buckets:
    """Fills by one with every request and leaks evenly; `full` says when a bucket would run over."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = Lock()
        self._levels: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def full(self, purpose: str, address: str, per_minute: float) -> bool:
        """Count one request; True when this address has had its share of the last minute."""
        now, key = self.clock(), (purpose, address)
        with self._lock:
            level, since = self._levels.pop(key, (0.0, now))
            level = max(0.0, level - (now - since) * per_minute / 60)
            over = level + 1 > per_minute
            self._levels[key] = (level if over else level + 1, now)
            while len(self._levels) > ADDRESSES:
                self._levels.popitem(last=False)
        return over

    def empty(self) -> None:
        """Forget every address."""
        with self._lock:
            self._levels.clear()


BUCKETS = Buckets()


def limited(purpose: str, *, per_minute: int) -> Callable[[V], V]:
    """Let one address use the view so often; raises TooMany beyond. `rate_limit_factor` of the settings multiplies."""

    def decorate(view: V) -> V:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            if BUCKETS.full(purpose, client_address(), per_minute * application().settings.rate_limit_factor):
                raise TooMany(_("That was a lot at once. Please wait a minute and try again."))
            return view(*args, **kwargs)

        return counted  # type: ignore[return-value]

    return decorate
