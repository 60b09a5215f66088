"""What providers said of themselves, remembered by each process for a while: nobody waits for it at every sign-in, and
nobody can make us ask a provider without end."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from blueprints.access.oidc.outside import Refusal

T = TypeVar("T")
LIFE = 3600.0
FAILURE_LIFE = 15.0
REMEMBERED = 500
WINDOW = 60.0
MOST_REFRESHES = 5
"""How often within a minute an answer that is still young may be asked for anew, for each key."""


class Memory(Generic[T]):
    """Answers by key. A failure is remembered, too, though not for long."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, tuple[float, T | Refusal]] = OrderedDict()
        self._refreshed: dict[str, deque[float]] = {}

    def get(self, key: str, read: Callable[[], T]) -> T:
        """What is remembered, or else is read now. Raises Refusal."""
        with self._lock:
            until, found = self._known.get(key, (0.0, None))
        if found is None or until <= time.monotonic():
            return self._read(key, read)
        if isinstance(found, Refusal):
            raise Refusal(found.code, found.told)
        return found

    def refresh(self, key: str, read: Callable[[], T]) -> T:
        """Read anew what has proved to be old, unless that was done too often of late. Raises Refusal."""
        now = time.monotonic()
        with self._lock:
            lately = self._refreshed.setdefault(key, deque())
            while lately and lately[0] <= now - WINDOW:
                lately.popleft()
            allowed = len(lately) < MOST_REFRESHES
            if allowed:
                lately.append(now)
        return self._read(key, read) if allowed else self.get(key, read)

    def forget(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)

    def _read(self, key: str, read: Callable[[], T]) -> T:
        try:
            found: T | Refusal = read()
        except Refusal as refusal:
            found = refusal
        with self._lock:
            self._known.pop(key, None)
            life = FAILURE_LIFE if isinstance(found, Refusal) else LIFE
            self._known[key] = (time.monotonic() + life, found)
            while len(self._known) > REMEMBERED:
                oldest, _answer = self._known.popitem(last=False)
                self._refreshed.pop(oldest, None)
        if isinstance(found, Refusal):
            raise found
        return found
