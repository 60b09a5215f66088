"""Caps and budgets: what is taken from them when a message goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from blueprints.messaging.gate.laws import Cap
from blueprints.messaging.gate.values import Check, Envelope

PATIENCE = timedelta(days=3)
"""Longer than that nothing waits for a cap that has no end of its own."""
MARKS = (80, 100)
"""Percent of a budget."""
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
        full = [(cap, room) for cap in caps if (room := self._room(key, cap, now)) > now]
        if not full:
            return Check("cap", detail={"caps": [_told(cap) for cap in caps]})
        cap, until = max(full, key=lambda one: one[1])
        detail = {**_told(cap), "until": until.isoformat()}
        if until >= (envelope.expires_at or envelope.created_at + PATIENCE):
            return Check("cap", "drop", "cap", detail)
        return Check("cap", "later", "cap", detail, until)

    def add(self, key: Sent, at: datetime) -> None:
        self.times[key].append(at)

    def _room(self, key: Sent, cap: Cap, now: datetime) -> datetime:
        """From when on there is room for one more."""
        if not cap.most:
            return datetime.max.replace(tzinfo=UTC)
        recent = sorted(at for at in self.times.get(key, ()) if at > now - cap.within)
        return recent[-cap.most] + cap.within if len(recent) >= cap.most else now


def _told(cap: Cap) -> dict[str, Any]:
    return {"most": cap.most, "hours": int(cap.within / timedelta(hours=1))}


@dataclass
class Purse:
    """A branch's month: what is reserved and spent of it, and how much there is (None: as much as it takes), in
    millionths of the currency's unit. The messages that have `reserved` theirs already are counted in it."""

    currency: str
    limit_micros: int | None
    taken_micros: int
    reserved: Collection[UUID] = ()

    def check(self, envelope: Envelope, *, stops: bool) -> Check:
        """`stops`: messages of this purpose are not sent once it is empty."""
        told = {"taken": self.taken_micros, "limit": self.limit_micros, "currency": self.currency}
        beyond = self.limit_micros is not None and self.taken_micros + self._more(envelope) > self.limit_micros
        detail = {"cost": envelope.cost_micros, **told, "beyond": beyond}
        if beyond and stops and envelope.id not in self.reserved:
            return Check("budget", "drop", "budget", detail)
        return Check("budget", detail=detail)

    def take(self, envelope: Envelope) -> None:
        self.taken_micros += self._more(envelope)

    def percent(self) -> int:
        """How much of it is taken; 0 where there is no limit."""
        if self.limit_micros is None:
            return 0
        return self.taken_micros * 100 // self.limit_micros if self.limit_micros else 100

    def _more(self, envelope: Envelope) -> int:
        return 0 if envelope.id in self.reserved else envelope.cost_micros


def mark(percent: int) -> int:
    """The highest mark that is reached at which people are told; 0 for none."""
    return max((one for one in MARKS if one <= percent), default=0)
