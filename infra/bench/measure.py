"""A measurement and how it is shown."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

ROUNDS = 5


@dataclass(frozen=True)
class Measurement:
    """`value` in `unit` against `limit`; `ratio` is value over limit (or what `goal` says); `ok` if the goal is met."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None
    goal: str
    ok: bool
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def line(self) -> str:
        limit = "-" if self.limit is None else f"{self.limit:.4g}"
        ratio = "-" if self.ratio is None else f"{self.ratio:.3f}"
        verdict = "ok" if self.ok else "MISSED"
        figures = f"{self.name:<14}{self.value:>10.4g} {self.unit:<10}{limit:>12}{ratio:>9}"
        return f"{figures}  {self.goal:<34}{verdict:<8}{self.detail}"


HEAD = f"{'what':<14}{'figure':>10} {'unit':<10}{'limit':>12}{'ratio':>9}  {'goal':<34}{'verdict':<8}"


def interleaved(
    product: Callable[[], float], limit: Callable[[], float], rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """(median of product, median of limit, median of the rounds' ratios)."""
    pairs = [(product(), limit()) for _ in range(rounds)]
    ratio = statistics.median(one / other for one, other in pairs)
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs), ratio


def against(name: str, unit: str, figures: tuple[float, float, float], goal: float, detail: str = "") -> Measurement:
    """A throughput that should reach `goal` times its limit."""
    value, limit, ratio = figures
    return Measurement(name, value, unit, limit, ratio, f"ratio >= {goal:.2f}", ratio >= goal, detail)
