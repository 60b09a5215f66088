"""What happens in the inbox that others may care about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class ReplyWaiting(Event):
    """Somebody wrote back what a person has to read; without a branch it is the chain's."""

    name = "inbox.reply_waiting"

    conversation_id: UUID
    branch_id: UUID | None
