"""Why an address is not written to any more, and for which purposes that holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ALL = "all"
"""Stands where a purpose does."""
ASKED_FOR = frozenset({"code", "incident"})
"""Somebody waits for a code that they have just asked for, and nobody shall stand before a closed door."""


@dataclass(frozen=True)
class Cause:
    """`own`: the people themselves do not want it. `spares` are purposes that are sent all the same."""

    own: bool = False
    spares: frozenset[str] = frozenset()


CAUSES = {
    "reply": Cause(own=True, spares=ASKED_FOR),
    "one_click": Cause(own=True, spares=ASKED_FOR),
    "complaint": Cause(own=True, spares=ASKED_FOR),
    "staff": Cause(own=True, spares=ASKED_FOR),
    # Whatever is sent there is lost, and sending on spoils the sender's name.
    "bounce": Cause(),
    "unreachable": Cause(),
    # The provider refuses on its own side, whatever we say.
    "provider": Cause(),
}


@dataclass(frozen=True)
class Stop:
    """An address is suppressed for a purpose, or for all."""

    purpose: str
    cause: str
    since: datetime

    def holds(self, purpose: str) -> bool:
        return self.purpose in (ALL, purpose) and purpose not in CAUSES[self.cause].spares
