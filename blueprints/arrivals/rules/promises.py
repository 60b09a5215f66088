"""What was promised, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

TARGET_MINUTES = 15
"""The mean wait that shops aim for."""


@dataclass(frozen=True)
class Waits:
    """The waits of one branch on one day, as counted. Minutes are summed over those who were served."""

    tickets: int = 0
    served: int = 0
    waited: int = 0
    """Minutes, of walk-ins from their arrival to their seat."""
    promised: int = 0
    """Served walk-ins who had been told a range."""
    kept: int = 0
    """Of those, served no later than promised."""
    in_target: int = 0
    left: int = 0
    visits: int = 0
    """Appointments whose customer came and was served."""
    visits_waited: int = 0
    """Minutes, of appointments from their time, or the arrival when that was later, to their beginning."""
    no_shows: int = 0

    def __add__(self, other: Waits) -> Waits:
        return Waits(**{name: value + getattr(other, name) for name, value in vars(self).items()})

    @property
    def mean(self) -> float | None:
        return self.waited / self.served if self.served else None

    @property
    def visits_mean(self) -> float | None:
        return self.visits_waited / self.visits if self.visits else None

    @property
    def share_kept(self) -> float | None:
        return self.kept / self.promised if self.promised else None

    @property
    def share_in_target(self) -> float | None:
        return self.in_target / self.served if self.served else None

    @property
    def on_target(self) -> bool:
        return self.mean is None or self.mean <= TARGET_MINUTES
