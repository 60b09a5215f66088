"""What this process has seen of its accounts and not yet written down."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

from shopbell import ids


class Tallies:
    """Counts by account. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, dict[str, int]] = {}
        self._process = ids.uuid7()

    @property
    def waiting(self) -> bool:
        """Whether there is anything to write down."""
        return bool(self._counts)

    def add(self, key: str, *, taken: bool, slow: bool) -> None:
        with self._lock:
            counts = self._counts.setdefault(key, {"taken": 0, "troubled": 0, "slow": 0})
            counts["taken" if taken else "troubled"] += 1
            counts["slow"] += int(taken and slow)

    def take(self, now: datetime) -> list[dict[str, Any]]:
        """The counts as rows of `now`'s minute, in the order of the accounts; they begin anew."""
        with self._lock:
            counts, self._counts = self._counts, {}
        minute = now.replace(second=0, microsecond=0)
        return [
            {"account": key, "minute": minute, "process": self._process, **counted}
            for key, counted in sorted(counts.items())
        ]

    def clear(self) -> None:
        with self._lock:
            self._counts = {}
