"""The signed ticket in the address of the details page: which hold is the customer's, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from blueprints.booking.api import Guest, Item
from blueprints.storefront import visits
from blueprints.storefront.visits import Part
from shopbell import clock, runtime
from shopbell.crypto import BadToken, Signer
from shopbell.tenancy import current_tenant

# Longer than the hold itself: whoever comes back late still gets the same time if nobody took it.
TICKET_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Ticket:
    """A kept time and the visit it is kept for; `until` in UTC. A person stands only where one was asked for."""

    hold_id: UUID
    branch_id: UUID
    guests: tuple[Guest, ...]
    starts_at: datetime
    until: datetime

    def is_over(self) -> bool:
        return clock.now() >= self.until

    def is_for(self, branch_id: UUID, guests: tuple[Guest, ...]) -> bool:
        """Whether the same services are meant, whoever gives them."""
        return (self.branch_id, _services(self.guests)) == (branch_id, _services(guests))

    def signed(self) -> str:
        payload = {
            "hold": visits.short(self.hold_id),
            "branch": visits.short(self.branch_id),
            "guests": [visits.spelled(map(_part, guest.items)) for guest in self.guests],
            "starts": self.starts_at.isoformat(),
            "until": self.until.isoformat(),
        }
        return _signer().sign(_purpose(), payload, clock.now() + TICKET_LIFE)


def read(token: str) -> Ticket:
    """The ticket of a token made here for this chain. Raises BadToken, ExpiredToken."""
    payload = _signer().read(_purpose(), token, clock.now())
    return Ticket(
        hold_id=visits.read_id(payload["hold"]),
        branch_id=visits.read_id(payload["branch"]),
        guests=tuple(Guest(tuple(map(_item, visits.read_guest(text)))) for text in payload["guests"]),
        starts_at=datetime.fromisoformat(payload["starts"]),
        until=datetime.fromisoformat(payload["until"]),
    )


def _part(item: Item) -> Part:
    return Part(visits.short(item.service_id), item.options, item.person_id)


def _item(part: Part) -> Item:
    return Item(visits.read_id(part.service), part.options, part.person_id)


def _services(guests: tuple[Guest, ...]) -> list[list[UUID]]:
    return [[item.service_id for item in guest.items] for guest in guests]


def read_or_none(token: str | None) -> Ticket | None:
    """The same for a token that may be missing, foreign or too old."""
    try:
        return read(token) if token else None
    except BadToken:
        return None


def _purpose() -> str:
    return f"storefront.visit:{current_tenant().id}"


def _signer() -> Signer:
    return runtime.signer()
