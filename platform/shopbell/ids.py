"""Identifiers: UUIDv7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import datetime
from uuid import UUID

COUNTER_BITS = 42
_LOW_COUNTER_BITS = 30
_RANDOM_BITS = 32


class IdMaker:
    """Makes ids in increasing order, whatever the system clock does; threads may share one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = -1
        self._counter = 0

    def make(self) -> UUID:
        """A new id, larger than every one made before."""
        ms = time.time_ns() // 1_000_000
        with self._lock:
            if ms > self._ms:
                self._start_millisecond(ms)
            else:
                self._counter += 1
                if self._counter >> COUNTER_BITS:
                    self._start_millisecond(self._ms + 1)
            stamp, counter = self._ms, self._counter
        return _layout(stamp, counter)

    def _start_millisecond(self, ms: int) -> None:
        self._ms = ms
        # Starting in the lower half leaves room for 2^41 more ids in the same millisecond.
        self._counter = secrets.randbits(COUNTER_BITS - 1)


_ids = IdMaker()


def uuid7() -> UUID:
    """A new id, larger than every id this process made before, even when the system clock is set back."""
    return _ids.make()


def made_at_ms(uuid: UUID) -> int:
    """Milliseconds since 1970 at which a UUIDv7 was made."""
    return uuid.int >> 80


def _layout(ms: int, counter: int) -> UUID:
    """48 bits of milliseconds, version, 12 bits of counter, variant, 30 more of it, then 32 random bits."""
    high, low = divmod(counter, 1 << _LOW_COUNTER_BITS)
    random = secrets.randbits(_RANDOM_BITS)
    return UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low << _RANDOM_BITS | random)


def earliest(at: datetime) -> UUID:
    """The smallest id that could be made at that moment: "older than" as a range of the primary key."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
