"""One thread works out what several want at the same moment; the others wait for it and find it.

A process that has just started, or whose configuration has just changed, is asked the same things by all of its threads
at once. What is costly to read would be read by each of them, all the slower for the others.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class _Flight:
    lock: threading.RLock = field(default_factory=threading.RLock)
    wanted: int = 0


class Flights:
    """By key; nothing is kept of a key that nobody wants. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Hashable, _Flight] = {}

    @contextmanager
    def one(self, key: Hashable) -> Iterator[None]:
        """Alone with this key: whoever enters looks again first, for somebody may have been there meanwhile.

        Inside, the database may be read and nothing may be written: whoever waits here may hold locks on rows. It has
        been read before, too: those who wait have a connection each, and whoever is inside must not need one more.
        """
        with self._lock:
            flight = self._open.setdefault(key, _Flight())
            flight.wanted += 1
        try:
            with flight.lock:
                yield
        finally:
            with self._lock:
                flight.wanted -= 1
                if not flight.wanted:
                    del self._open[key]
