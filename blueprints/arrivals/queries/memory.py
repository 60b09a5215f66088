"""A bounded memory of this process; what was used longest ago is forgotten first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
REMEMBERED = 2048
"""Entries: more than any chain has branches, and a few megabytes at most."""


class Memory(Generic[K, V]):
    def __init__(self, limit: int = REMEMBERED) -> None:
        self.limit = limit
        self._known: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key]

    def put(self, key: K, value: V) -> None:
        with self._lock:
            self._known[key] = value
            self._known.move_to_end(key)
            while len(self._known) > self.limit:
                self._known.popitem(last=False)

    def empty(self) -> None:
        with self._lock:
            self._known.clear()
