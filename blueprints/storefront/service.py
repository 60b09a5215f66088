"""What a customer does with a time: keep it, and make an appointment of it. Both are harmless to repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import (
    BookingDetails,
    BookingRequest,
    CustomerInput,
    Guest,
    HoldRequest,
    Item,
    NotPossible,
    SeriesMade,
)
from blueprints.crm import api as crm
from blueprints.storefront.forms import Customer
from blueprints.storefront.queries import Visit
from blueprints.storefront.tickets import Ticket
from shopbell.i18n import current_locale


@dataclass(frozen=True)
class Wish:
    """A time that was asked for, with a person or with whoever is free."""

    starts_at: datetime
    person_id: UUID | None


Known = tuple[int, UUID | None]
"""A tier, and the customer who is known to have it."""


def choose(session: Session, visit: Visit, wish: Wish, before: Ticket | None, known: Known = (0, None)) -> Ticket:
    """Keep a time for ten minutes and let go of the one that was kept before.

    Raises SlotTaken and its relatives; what was kept before is still kept once the caller has undone this.
    """
    tier, customer_id = known
    guests = asked(visit, wish)
    if before is not None and not before.is_over():
        booking.release(session, before.hold_id)
    request = HoldRequest(visit.branch.id, None, wish.starts_at, tier=tier, customer_id=customer_id)
    held = booking.hold(session, replace(request, **wanted(guests)))
    return Ticket(held.booking_id, visit.branch.id, guests, wish.starts_at, held.expires_at)


def asked(visit: Visit, wish: Wish) -> tuple[Guest, ...]:
    """Who comes for what, with the person a wish names: that is for a single service only."""
    if visit.only is None or wish.person_id is None:
        return visit.asked
    return (Guest((replace(visit.only.item, person_id=wish.person_id),)),)


def wanted(guests: tuple[Guest, ...]) -> dict[str, Any]:
    """What a request to the booking book says of a visit: one service is asked for as such."""
    if len(guests) > 1 or len(guests[0].items) > 1:
        return {"guests": guests}
    item = guests[0].items[0]
    return {"service_id": item.service_id, "options": item.options, "person_id": item.person_id}


def confirm(session: Session, ticket: Ticket, customer: Customer, tier: int = 0, source: str = "web") -> BookingDetails:
    """Turn the kept time into an appointment; when it ran out, take the same time if it is still free.

    Raises SlotTaken and its relatives; the caller then undoes what was done of it.
    """
    request = BookingRequest(
        branch_id=ticket.branch_id,
        service_id=None,
        starts_at=ticket.starts_at,
        customer=CustomerInput(customer.name, customer.phone, customer.email, current_locale()),
        note=customer.note,
        source=source,
        hold_id=ticket.hold_id,
        tier=tier,
    )
    return booking.reserve(session, replace(request, **wanted(named(ticket.guests, customer.guests))))


def named(guests: tuple[Guest, ...], names: tuple[str, ...]) -> tuple[Guest, ...]:
    """The guests with the names that were typed for those who come along, in their order."""
    first, *others = guests
    return (first, *(replace(guest, name=name) for guest, name in zip(others, names, strict=True)))


def with_people(guests: tuple[Guest, ...], people: Sequence[UUID | None]) -> tuple[Guest, ...]:
    """The guests' services with whoever is kept for each, in their order; nobody kept changes nothing."""
    if not people:
        return guests
    rest = iter(people)
    return tuple(
        replace(guest, items=tuple(replace(item, person_id=next(rest)) for item in guest.items)) for guest in guests
    )


def repeat(session: Session, booking_id: UUID, weeks: int, times: int) -> SeriesMade:
    """The visit of this appointment again every so many weeks, `times` in all, with the people who were asked for.

    Raises what booking.reserve_series raises; the caller then undoes what was done of it.
    """
    rows = booking.visit(session, booking_id)
    lead = rows[0]
    contact = crm.contact(session, lead.customer_id) if lead.customer_id else None
    if contact is None:
        raise NotPossible
    request = BookingRequest(
        branch_id=lead.branch_id,
        service_id=None,
        starts_at=lead.starts_at,
        customer=CustomerInput(contact.name, contact.phone, contact.email, contact.locale),
        note=lead.note,
        source="series",
        booking_id=lead.id,
    )
    again = replace(request, **wanted(guests_of(rows)))
    return booking.reserve_series(session, again, every_weeks=weeks, visits=times)


def guests_of(rows: Sequence[BookingDetails]) -> tuple[Guest, ...]:
    """The guests of a visit as they would be asked for again."""
    guests: dict[str, list[Item]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        asked_for = row.why is not None and row.why.get("rule") == "asked"
        item = Item(row.service_id, row.options, row.person_id if asked_for else None)
        guests.setdefault(row.guest_name, []).append(item)
    return tuple(Guest(tuple(items), name) for name, items in guests.items())


def move(session: Session, booking_id: UUID, wish: Wish) -> BookingDetails:
    """Give the appointment another time. Raises what booking.move raises; the transaction stays usable."""
    with session.begin_nested():
        return booking.move(session, booking_id, wish.starts_at, wish.person_id, by="customer")


def cancel(session: Session, booking_id: UUID) -> None:
    """Cancel the whole visit. Raises what booking.cancel raises; the transaction stays usable."""
    with session.begin_nested():
        booking.cancel(session, booking_id, reason="customer", by="customer")


def cancel_part(session: Session, booking_ids: Sequence[UUID]) -> None:
    """Cancel these appointments of a visit and leave the others. Raises what booking.cancel raises; the transaction
    stays usable."""
    first, *others = booking_ids
    with session.begin_nested():
        booking.cancel(session, first, reason="customer", by="customer", alone=True, also=others)
