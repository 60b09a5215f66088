"""What is agreed when somebody books: deadlines, moves, fees and deposits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Terms:
    """The terms of one appointment. Percentages are of its price; minutes count back from its start.

    `late_cancel_percent` None: it cannot be cancelled online after the deadline. `max_moves` and
    `no_shows_for_deposit` None: no limit, never. `no_show_after_minutes` None: only the desk marks a no-show.
    """

    cancel_minutes: int = 120
    move_minutes: int = 120
    max_moves: int | None = None
    late_cancel_percent: int | None = None
    no_show_percent: int = 0
    deposit_percent: int = 0
    no_shows_for_deposit: int | None = None
    late_grace_minutes: int = 15
    no_show_after_minutes: int | None = None
    bound: bool = False
    """Moved by the customer after its deadline for cancelling: from then on cancelling is late, whenever it is."""

    def cancel_deadline(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(minutes=self.cancel_minutes)

    def move_deadline(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(minutes=self.move_minutes)

    def is_late(self, starts_at: datetime, at: datetime) -> bool:
        """Whether cancelling at that moment is no longer free of charge."""
        return self.bound or at > self.cancel_deadline(starts_at)

    def late_at(self, starts_at: datetime) -> datetime:
        """From when on somebody who has not come counts as late."""
        return starts_at + timedelta(minutes=self.late_grace_minutes)

    def no_show_at(self, starts_at: datetime) -> datetime | None:
        """When somebody who has not come is marked as a no-show by itself."""
        minutes = self.no_show_after_minutes
        return None if minutes is None else starts_at + timedelta(minutes=minutes)

    @property
    def repeat_percent(self) -> int:
        """The deposit after too many no-shows: what a no-show costs, and the whole price where that is nothing."""
        return max(self.deposit_percent, self.no_show_percent) or 100

    def deposit(self, peak_percent: int, no_shows: int) -> int:
        """The deposit, in percent, at a busy time's percentage and after so many no-shows within a year."""
        limit = self.no_shows_for_deposit
        repeats = limit is not None and no_shows >= limit
        return max(self.deposit_percent, peak_percent, self.repeat_percent if repeats else 0)

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


NAMES = tuple(field.name for field in fields(Terms) if field.name != "bound")
"""What a policy can name."""


KNOWN = frozenset({*NAMES, "bound"})


def from_json(stored: dict[str, Any] | None, usual: Terms) -> Terms:
    """The terms written with an appointment; what they do not name is as usual."""
    return Terms(**{**vars(usual), **{name: value for name, value in (stored or {}).items() if name in KNOWN}})


def resolve(usual: Terms, policies: Iterable[dict[str, Any]]) -> Terms:
    """`usual` with what the policies name, the least specific first; None says nothing."""
    found = dict(vars(usual))
    for policy in policies:
        found.update({name: policy[name] for name in NAMES if policy.get(name) is not None})
    return Terms(**found)


def together(found: Sequence[Terms]) -> Terms:
    """One set of terms for the appointments of a visit: of each term what binds most."""
    if len(found) == 1:
        return found[0]
    late = [terms.late_cancel_percent for terms in found]
    return Terms(
        cancel_minutes=max(terms.cancel_minutes for terms in found),
        move_minutes=max(terms.move_minutes for terms in found),
        max_moves=_least(terms.max_moves for terms in found),
        late_cancel_percent=None if None in late else max(percent for percent in late if percent is not None),
        no_show_percent=max(terms.no_show_percent for terms in found),
        deposit_percent=max(terms.deposit_percent for terms in found),
        no_shows_for_deposit=_least(terms.no_shows_for_deposit for terms in found),
        late_grace_minutes=min(terms.late_grace_minutes for terms in found),
        no_show_after_minutes=_least(terms.no_show_after_minutes for terms in found),
    )


def _least(values: Iterable[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)


def share(amount_minor: int, percent: int | None) -> int:
    """That percentage of an amount, rounded half up to whole minor units."""
    return (amount_minor * (percent or 0) + 50) // 100
