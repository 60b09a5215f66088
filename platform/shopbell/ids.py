"""Identifiers: UUIDv7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_COUNTER_BITS = 42
_RANDOM_BITS = 32
_COUNTER_LIMIT = 1 << _COUNTER_BITS

_lock = threading.Lock()
_last_ms = -1
_counter = 0


def uuid7() -> UUID:
    """A new id, larger than every id this process made before, even when the system clock is set back."""
    global _last_ms, _counter
    ms = time.time_ns() // 1_000_000
    with _lock:
        if ms > _last_ms:
            _last_ms = ms
            # Starting in the lower half leaves room for 2^41 more ids in the same millisecond.
            _counter = secrets.randbits(_COUNTER_BITS - 1)
        else:
            _counter += 1
            if _counter >= _COUNTER_LIMIT:
                _last_ms += 1
                _counter = secrets.randbits(_COUNTER_BITS - 1)
        stamp, counter = _last_ms, _counter
    return _layout(stamp, counter)


def _layout(ms: int, counter: int) -> UUID:
    """48 bits of milliseconds, version, 12 bits of counter, variant, 30 more of it, then 32 random bits."""
    high, low = counter >> 30, counter & ((1 << 30) - 1)
    random = secrets.randbits(_RANDOM_BITS)
    return UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low << _RANDOM_BITS | random)


def made_at_ms(uuid: UUID) -> int:
    """Milliseconds since 1970 at which a UUIDv7 was made."""
    return uuid.int >> 80
