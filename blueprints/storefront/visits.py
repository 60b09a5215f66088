"""A visit as its address spells it: who comes, for which services, with which options, and with whom.

One value per guest, g1 to g6: services in their order, divided by commas. A service is its slug, then "~" and an
option for each option, then "@" and the person who was asked for: `colour~AZx…@AZy…,cut`. Ids are 22 letters long.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

MOST_GUESTS = 6
MOST_SERVICES = 12
MOST_EACH = 6
"""In one visit, and for each guest: so many fit into an address, and more is a matter for a telephone call."""

ID_LENGTH = 22


@dataclass(frozen=True)
class Part:
    """One service for one guest. `service` is a slug in addresses and an id's short form in tickets."""

    service: str
    options: tuple[UUID, ...] = ()
    person_id: UUID | None = None


Guest = tuple[Part, ...]


@dataclass(frozen=True)
class Plan:
    """A visit as it is being put together. Guests and parts are counted from 0."""

    guests: tuple[Guest, ...] = ()

    @property
    def size(self) -> int:
        return sum(len(guest) for guest in self.guests)

    def has_room(self, guest: int) -> bool:
        """Whether one more service fits, for a guest of the visit or for one who would come along."""
        if guest == len(self.guests):
            return len(self.guests) < MOST_GUESTS and self.size < MOST_SERVICES
        return len(self.guests[guest]) < MOST_EACH and self.size < MOST_SERVICES

    @property
    def address(self) -> dict[str, str]:
        """The arguments of the visit's address."""
        return {f"g{number}": spelled(guest) for number, guest in enumerate(self.guests, 1)}

    def added(self, guest: int, part: Part) -> Plan:
        """With one more service for a guest, or with one more guest. Raises ValueError when that is too much."""
        if not 0 <= guest <= len(self.guests) or not self.has_room(guest):
            raise ValueError("This is more than a visit can hold.")
        guests = [*self.guests, ()] if guest == len(self.guests) else list(self.guests)
        guests[guest] = (*guests[guest], part)
        return Plan(tuple(guests))

    def part(self, guest: int, number: int) -> Part:
        """Raises ValueError for one that is not there."""
        if not (0 <= guest < len(self.guests) and 0 <= number < len(self.guests[guest])):
            raise ValueError("There is no such part.")
        return self.guests[guest][number]

    def changed(self, guest: int, number: int, part: Part | None) -> Plan:
        """With another part in its place, or without it; a guest without services no longer comes."""
        self.part(guest, number)
        parts = list(self.guests[guest])
        parts[number : number + 1] = [part] if part else []
        guests = [*self.guests[:guest], *([tuple(parts)] if parts else []), *self.guests[guest + 1 :]]
        return Plan(tuple(guests))

    def with_person(self, guest: int, number: int, person_id: UUID | None) -> Plan:
        return self.changed(guest, number, replace(self.part(guest, number), person_id=person_id))


def read_plan(arguments: Mapping[str, str]) -> Plan:
    """The visit of an address; guests without services are left out. Raises ValueError for what we did not write."""
    guests = [read_guest(arguments.get(f"g{number}", "")) for number in range(1, MOST_GUESTS + 1)]
    plan = Plan(tuple(guest for guest in guests if guest))
    if plan.size > MOST_SERVICES or any(len(guest) > MOST_EACH for guest in plan.guests):
        raise ValueError("These are too many services.")
    return plan


def spelled(guest: Iterable[Part]) -> str:
    return ",".join(spelled_part(part) for part in guest)


def spelled_part(part: Part) -> str:
    person = f"@{short(part.person_id)}" if part.person_id else ""
    return "~".join([part.service, *map(short, part.options)]) + person


def read_guest(text: str) -> Guest:
    """Raises ValueError."""
    return tuple(read_part(part) for part in text.split(",") if part)


def read_part(text: str) -> Part:
    """Raises ValueError."""
    what, _at, person = text.partition("@")
    service, *options = what.split("~")
    return Part(service, tuple(map(read_id, options)), read_id(person) if person else None)


def short(id_: UUID) -> str:
    return urlsafe_b64encode(id_.bytes).decode().rstrip("=")


def read_id(text: str) -> UUID:
    """Raises ValueError for everything but an id's one short form."""
    if len(text) == ID_LENGTH and text.isascii():
        found = UUID(bytes=urlsafe_b64decode(f"{text}=="))
        if short(found) == text:
            return found
    raise ValueError("This is no id.")
