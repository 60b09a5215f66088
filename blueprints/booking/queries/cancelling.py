"""What it would cost to cancel, before somebody does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from blueprints.booking.queries.charges import ChargeView
from blueprints.booking.rules import fees
from blueprints.booking.values import BookingDetails


@dataclass(frozen=True)
class CancelCost:
    """In minor units: a fee to pay, and what of paid deposits is kept or given back."""

    fee_minor: int
    kept_minor: int
    back_minor: int

    @property
    def total_minor(self) -> int:
        return self.fee_minor + self.kept_minor


def cost_of_cancelling(
    rows: Sequence[BookingDetails], charges: Mapping[UUID, Iterable[ChargeView]], at: datetime
) -> CancelCost:
    """What cancelling these appointments costs a customer at that moment; the sums that cancelling will write."""
    fee = kept = back = 0
    for row in rows:
        deposit = next((one for one in charges.get(row.id, ()) if one.kind == "deposit"), None)
        state, amount = (deposit.state, deposit.amount_minor) if deposit else (None, 0)
        costs = row.status != "requested" and row.terms.is_late(row.starts_at, at)
        ending = fees.early_end(row.price_minor, row.terms.late_cancel_percent or 0, state, amount, costs=costs)
        fee += ending.fee_minor
        kept += amount if ending.deposit == "kept" else 0
        back += amount if ending.deposit == "refunded" else 0
    return CancelCost(fee, kept, back)
