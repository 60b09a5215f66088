"""What is told of customers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class ConsentGiven(Event):
    """A customer wants to be written to again, or for the first time; `source` is where they said so."""

    name = "customer.consent_given"

    customer_id: UUID
    purpose: str
    channel: str
    source: str
