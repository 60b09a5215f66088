"""What a customer may still do with a visit, as pure rules on its appointments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from blueprints.booking.api import UPCOMING, BookingDetails, Terms


class Row(Protocol):
    """An appointment of the visit."""

    @property
    def status(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def moves(self) -> int: ...


Part = tuple[BookingDetails, ...]
"""Some appointments of a visit: one service, or everything of one guest."""


def parts_of(rows: Sequence[BookingDetails]) -> list[Part]:
    """What a visit can be taken apart into: each guest of several, and each service of a guest who has several."""
    guests: dict[str, list[BookingDetails]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        guests.setdefault(row.guest_name, []).append(row)
    found: list[Part] = []
    for own in guests.values():
        found += [tuple(own)] if len(guests) > 1 else []
        found += [(row,) for row in own] if len(own) > 1 else []
    return found


def stage(rows: Sequence[Row]) -> str:
    """Where a visit stands: cancelled, upcoming, here (somebody has come), missed or done.

    What was cancelled of a visit does not count while anything else of it stands.
    """
    statuses = {row.status for row in rows} - {"cancelled"}
    if not statuses:
        return "cancelled"
    if statuses <= UPCOMING:
        return "upcoming"
    if statuses & {"arrived", "in_service"} or statuses & UPCOMING:
        return "here"
    return "done" if "done" in statuses else "missed"


def may_cancel(rows: Sequence[Row], now: datetime) -> str:
    """How the customer may cancel what stands of a visit: "free", at a "fee", by a "call" to the branch, or "no"."""
    standing = [row for row in rows if row.status != "cancelled"]
    if stage(rows) != "upcoming":
        return "no"
    late = [row for row in standing if row.terms.is_late(row.starts_at, now)]
    if any(row.terms.late_cancel_percent is None or row.starts_at <= now for row in late):
        return "call"
    return "fee" if late else "free"


def may_move(rows: Sequence[Row], now: datetime) -> str:
    """Whether the customer may move what stands of a visit: "yes", too "late", moved too often ("used"), or "no"."""
    standing = [row for row in rows if row.status != "cancelled"]
    if stage(rows) != "upcoming":
        return "no"
    if any(now > row.terms.move_deadline(row.starts_at) for row in standing):
        return "late"
    used = (row.terms.max_moves is not None and row.moves >= row.terms.max_moves for row in standing)
    return "used" if any(used) else "yes"
