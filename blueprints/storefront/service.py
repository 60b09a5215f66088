"""What a customer does with a time: keep it, and make an appointment of it. Both are harmless to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput, HoldRequest
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.storefront.forms import Customer
from blueprints.storefront.tickets import Ticket
from shopbell.i18n import current_locale


@dataclass(frozen=True)
class Wish:
    """A time that was asked for, with a person or with whoever is free."""

    starts_at: datetime
    person_id: UUID | None


def choose(session: Session, branch: BranchView, service: ServiceView, wish: Wish, before: Ticket | None) -> Ticket:
    """Keep a time for ten minutes and let go of the one that was kept before.

    Raises SlotTaken and its relatives; what was kept before is then still kept, and the transaction stays usable.
    """
    with session.begin_nested():
        if before is not None and not before.is_over():
            booking.release(session, before.hold_id)
        held = booking.hold(session, HoldRequest(branch.id, service.id, wish.starts_at, wish.person_id))
    return Ticket(
        hold_id=held.booking_id,
        branch_id=branch.id,
        service_id=service.id,
        starts_at=wish.starts_at,
        person_id=held.person_id,
        chosen=wish.person_id is not None,
        until=held.expires_at,
    )


def confirm(session: Session, ticket: Ticket, customer: Customer) -> BookingDetails:
    """Turn the kept time into an appointment; when it ran out, take the same time if it is still free.

    Raises SlotTaken and its relatives; the transaction stays usable.
    """
    request = BookingRequest(
        branch_id=ticket.branch_id,
        service_id=ticket.service_id,
        starts_at=ticket.starts_at,
        customer=CustomerInput(customer.name, customer.phone, customer.email, current_locale()),
        person_id=ticket.wanted_person,
        note=customer.note,
        source="web",
        hold_id=ticket.hold_id,
    )
    with session.begin_nested():
        return booking.reserve(session, request)


def move(session: Session, booking_id: UUID, wish: Wish) -> BookingDetails:
    """Give the appointment another time. Raises what booking.move raises; the transaction stays usable."""
    with session.begin_nested():
        return booking.move(session, booking_id, wish.starts_at, wish.person_id, by="customer")


def cancel(session: Session, booking_id: UUID) -> BookingDetails:
    """Cancel the appointment. Raises what booking.cancel raises; the transaction stays usable."""
    with session.begin_nested():
        return booking.cancel(session, booking_id, reason="customer", by="customer")
