"""What happens around messages that others may care about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class ReplyReceived(Event):
    """Somebody wrote to us. `text_id` is the inbound message, `message_id` the last one that had gone to the number;
    customer, branch and appointment are that message's. `keyword` is confirm, refuse, stop or start when it says just
    that, else nothing; who said stop has been suppressed already."""

    name = "messaging.reply_received"

    text_id: UUID
    account: str
    keyword: str
    message_id: UUID | None
    customer_id: UUID | None
    branch_id: UUID | None
    booking_id: UUID | None


@dataclass(frozen=True)
class MessageGivenUp(Event):
    """A message that nobody takes, or that was refused: a person may have it tried again."""

    name = "messaging.message_given_up"

    message_id: UUID
    branch_id: UUID | None
    reason: str


@dataclass(frozen=True)
class ProviderTrouble(Event):
    """An account of the chain's own is asked first less often from now on: it fails (`errors`, `down`) or is `slow`."""

    name = "messaging.provider_trouble"

    account: str
    reason: str


@dataclass(frozen=True)
class BudgetReached(Event):
    """A branch's messages of a month, as "2026-03", have taken so much of its budget: 80 or 100 percent; told once."""

    name = "messaging.budget_reached"

    branch_id: UUID
    month: str
    percent: int
