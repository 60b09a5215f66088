"""How many texts one number may get: the limits that the Chinese providers keep for their customers."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from time import time


@dataclass(frozen=True)
class Limit:
    """At most `most` in `seconds`; `name` is what the provider calls it."""

    most: int
    seconds: int
    name: str


class Limits:
    """Counts of what was sent, by whom and what. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[Hashable, list[float]] = defaultdict(list)

    def take(self, key: Hashable, limits: Sequence[Limit]) -> Limit | None:
        """Count one more, or say which limit is reached and count nothing."""
        now = time()
        longest = max((limit.seconds for limit in limits), default=0)
        with self._lock:
            sent = [moment for moment in self._sent[key] if moment > now - longest]
            for limit in limits:
                if sum(moment > now - limit.seconds for moment in sent) >= limit.most:
                    return limit
            self._sent[key] = [*sent, now]
        return None
