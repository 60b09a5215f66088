"""What customers ask for on their pages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class CalendarWanted(Event):
    """A customer would like all appointments in a calendar; the address goes to their own phone and mailbox only."""

    name = "storefront.calendar_wanted"

    booking_id: UUID
    customer_id: UUID
