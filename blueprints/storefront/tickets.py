"""The signed ticket in the address of the details page: which hold is the customer's, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shopbell import clock, runtime
from shopbell.crypto import BadToken, Signer
from shopbell.tenancy import current_tenant

# Longer than the hold itself: whoever comes back late still gets the same time if nobody took it.
TICKET_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Ticket:
    """A kept time. `person_id` is who would serve, `chosen` whether the customer asked for them; `until` in UTC."""

    hold_id: UUID
    branch_id: UUID
    service_id: UUID
    starts_at: datetime
    person_id: UUID | None
    chosen: bool
    until: datetime

    @property
    def wanted_person(self) -> UUID | None:
        return self.person_id if self.chosen else None

    def is_over(self) -> bool:
        return clock.now() >= self.until

    def signed(self) -> str:
        payload = {
            "hold": str(self.hold_id),
            "branch": str(self.branch_id),
            "service": str(self.service_id),
            "starts": self.starts_at.isoformat(),
            "person": str(self.person_id) if self.person_id else None,
            "chosen": self.chosen,
            "until": self.until.isoformat(),
        }
        return _signer().sign(_purpose(), payload, clock.now() + TICKET_LIFE)


def read(token: str) -> Ticket:
    """The ticket of a token made here for this chain. Raises BadToken, ExpiredToken."""
    payload = _signer().read(_purpose(), token, clock.now())
    return Ticket(
        hold_id=UUID(payload["hold"]),
        branch_id=UUID(payload["branch"]),
        service_id=UUID(payload["service"]),
        starts_at=datetime.fromisoformat(payload["starts"]),
        person_id=UUID(payload["person"]) if payload["person"] else None,
        chosen=payload["chosen"],
        until=datetime.fromisoformat(payload["until"]),
    )


def read_or_none(token: str | None) -> Ticket | None:
    """The same for a token that may be missing, foreign or too old."""
    try:
        return read(token) if token else None
    except BadToken:
        return None


def _purpose() -> str:
    return f"storefront.hold:{current_tenant().id}"


def _signer() -> Signer:
    return Signer(runtime.settings().secret_key)
