"""How much of a process goes to one receiving domain at once, and which of them want to be left alone for a while."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from blueprints.messaging.channels.outcomes import NotNow

MOST_AT_ONCE = 10
"""Large receivers take some ten connections from an address before they count it as an attack."""
FULL_SECONDS = 1.0


class Lanes:
    """One lane for each domain. Safe between threads."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self._closed: dict[str, float] = {}

    @contextmanager
    def lane(self, domain: str) -> Iterator[None]:
        """A place in the lane. Raises NotNow, before anything was sent, when it is full or closed."""
        domain = domain.lower()
        with self._lock:
            self._let_in(domain)
            self._busy[domain] += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy[domain] -= 1
                if not self._busy[domain]:
                    del self._busy[domain]

    def close(self, domain: str, seconds: float) -> None:
        """Let nothing more go to the domain for so long."""
        with self._lock:
            self._closed[domain.lower()] = monotonic() + seconds

    def _let_in(self, domain: str) -> None:
        left = self._closed.get(domain, 0.0) - monotonic()
        if left > 0:
            raise NotNow(f"{domain} has asked us to slow down", reason="busy", retry_after=left)
        self._closed.pop(domain, None)
        if self._busy[domain] >= self._most:
            raise NotNow(f"enough is on its way to {domain}", reason="busy", retry_after=FULL_SECONDS)
