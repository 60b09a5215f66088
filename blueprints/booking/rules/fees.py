"""What becomes of the money that an appointment's terms ask for, as pure sums on its charges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blueprints.booking.rules.terms import share

STATES = ("due", "paid", "kept", "waived", "refunded", "dropped")
KINDS = ("deposit", "late_cancel", "no_show")
STEPS: Mapping[str, frozenset[str]] = {
    "due": frozenset({"paid", "waived"}),
    "paid": frozenset({"refunded", "kept"}),
    "kept": frozenset({"refunded"}),
    "waived": frozenset({"due"}),
}
"""What staff may make of a charge; one that was refunded or dropped is over."""

WITH_REASON = frozenset({"waived", "refunded", "kept"})


@dataclass(frozen=True)
class Ending:
    """What is left to pay when an appointment ends early: the deposit's new state (None: as it is) and a fee."""

    deposit: str | None
    fee_minor: int


def early_end(price_minor: int, percent: int, deposit: str | None, deposit_minor: int, *, costs: bool) -> Ending:
    """How a deposit in that state and a fee of so many percent come out.

    When it `costs`, a deposit that was paid is kept and counts towards the fee; one that was not is forgotten, as the
    fee takes its place. Otherwise a paid one goes back.
    """
    paid = deposit in {"paid", "kept"}
    if not costs:
        return Ending("refunded" if paid else _forgotten(deposit), 0)
    fee = share(price_minor, percent)
    if paid:
        return Ending("kept", max(0, fee - deposit_minor))
    return Ending(_forgotten(deposit), fee)


def _forgotten(deposit: str | None) -> str | None:
    return "dropped" if deposit == "due" else None
