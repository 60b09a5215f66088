"""Caps and budgets: what is taken from them when a message goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from blueprints.messaging.gate.laws import Cap
from blueprints.messaging.gate.values import Check, Envelope

PATIENCE = timedelta(days=3)
"""Longer than that nothing waits for a cap that has no end of its own."""
WARNED_PERCENT = 80
Sent = tuple[int, str, str]
"""A blind index of an address, a channel and a purpose."""


@dataclass
class Tally:
    """When something was sent to which address: what the database knows, and what has just been let through."""

    times: dict[Sent, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    @staticmethod
    def of(sent: Iterable[tuple[Sent, datetime]]) -> Tally:
        tally = Tally()
        for key, at in sent:
            tally.times[key].append(at)
        return tally

    def check(self, envelope: Envelope, key: Sent, caps: Sequence[Cap], now: datetime) -> Check:
        """Whether one more fits under every cap; if not, when it does."""
        full = [found for cap in caps if (found := self._full(key, cap, now))]
        if not full:
            return Check("cap", detail={"caps": [_told(cap) for cap in caps]})
        cap, until = max(full, key=lambda one: one[1])
        detail = {**_told(cap), "until": until.isoformat()}
        last = envelope.expires_at or envelope.created_at + PATIENCE
        if until >= last:
            return Check("cap", "drop", "cap", detail)
        return Check("cap", "later", "cap", detail, until)

    def add(self, key: Sent, at: datetime) -> None:
        self.times[key].append(at)

    def _full(self, key: Sent, cap: Cap, now: datetime) -> tuple[Cap, datetime] | None:
        """A cap that is reached, and when there is room again."""
        recent = sorted(at for at in self.times.get(key, ()) if at > now - cap.within)
        if len(recent) < cap.most:
            return None
        # With a cap of nothing at all there never is.
        return cap, (recent[len(recent) - cap.most] if cap.most else now) + cap.within


def _told(cap: Cap) -> dict[str, Any]:
    return {"most": cap.most, "hours": int(cap.within / timedelta(hours=1))}


@dataclass
class Purse:
    """A branch's month: what is reserved and spent of it, and how much there is (None: as much as it takes), in
    millionths of the currency's unit."""

    currency: str
    limit_micros: int | None
    taken_micros: int

    def check(self, envelope: Envelope, *, stops: bool) -> Check:
        """`stops`: messages of this purpose are not sent once it is empty."""
        detail = {
            "cost": envelope.cost_micros,
            "taken": self.taken_micros,
            "limit": self.limit_micros,
            "currency": self.currency,
        }
        fits = self.limit_micros is None or self.taken_micros + envelope.cost_micros <= self.limit_micros
        if fits or not stops:
            return Check("budget", detail={**detail, "beyond": not fits})
        return Check("budget", "drop", "budget", detail)

    def take(self, cost_micros: int) -> None:
        self.taken_micros += cost_micros

    def percent(self) -> int:
        """How much of it is taken; 0 where there is no limit."""
        if self.limit_micros is None:
            return 0
        return 100 if not self.limit_micros else self.taken_micros * 100 // self.limit_micros


def passed_marks(before: int, after: int) -> list[int]:
    """Of the marks at which somebody is told, those between two percentages."""
    return [mark for mark in (WARNED_PERCENT, 100) if before < mark <= after]


Limits = Mapping[tuple[str, str], Sequence[Cap]]
"""Caps by purpose and channel."""
