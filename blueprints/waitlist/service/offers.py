"""Answering an offer, and what happens when nobody does."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput
from blueprints.crm import api as crm
from blueprints.waitlist import rules
from blueprints.waitlist.errors import OfferOver
from blueprints.waitlist.events import OfferAccepted, OfferGone
from blueprints.waitlist.models import Offer, Wish
from blueprints.waitlist.queries import views
from blueprints.waitlist.queries.views import wish_view
from blueprints.waitlist.rules import Freed
from blueprints.waitlist.service.fill import fill
from blueprints.waitlist.service.join import upcoming
from blueprints.waitlist.service.records import SAVE_OFFER, SETTLE, answer, end, lock_offer, take_turn, wait_on
from shopbell import clock, due
from shopbell.events import publish

REPLACED = "replaced"
"""Why an appointment is cancelled for which an earlier one was accepted."""


def accept(session: Session, offer_id: UUID) -> BookingDetails:
    """Make the held time a visit; one that it replaces is moved there, or cancelled when it is elsewhere.

    Harmless to repeat: the appointment is returned again. Raises UnknownOffer, OfferOver, and what reserve raises.
    """
    wish, offer = lock_offer(session, offer_id)
    if offer.status == "accepted" and offer.booking_id is not None:
        return booking.details(session, offer.booking_id)
    if offer.status != "open" or offer.expires_at <= clock.now():
        raise OfferOver
    replaced = upcoming(session, wish.booking_id)
    if replaced is not None and replaced.branch_id == offer.branch_id:
        booking.release(session, offer.hold_id)
        person_id = None if wish.guests else offer.person_id
        made = booking.move(session, replaced.id, offer.starts_at, person_id, by="staff")
    else:
        made = reserve(session, wish, offer)
        if replaced is not None:
            # It was our offer: nobody pays a late fee for taking it.
            booking.cancel(session, replaced.id, reason=REPLACED, by="staff", waive=REPLACED)
    offer.status, offer.answered_at, offer.booking_id = "accepted", clock.now(), made.id
    SAVE_OFFER.run(session, offer)
    end(session, wish, "accepted", "accepted")
    due.drop(session, SETTLE, str(offer.id))
    publish(session, OfferAccepted(offer.id, wish.id, wish.customer_id, made.id))
    return made


def reserve(session: Session, wish: Wish, offer: Offer) -> BookingDetails:
    contact, seen = crm.contact(session, wish.customer_id), wish_view(session, wish)
    request = BookingRequest(
        branch_id=offer.branch_id,
        service_id=None,
        starts_at=offer.starts_at,
        customer=CustomerInput(contact.name, contact.phone, contact.email, contact.locale),
        note=seen.note,
        source="waitlist",
        hold_id=offer.hold_id,
        guests=seen.asked,
    )
    return booking.reserve(session, request)


def decline(session: Session, offer_id: UUID) -> str:
    """Say no; the next one is asked. Returns the status that now holds: one that is over or accepted stays so.

    Raises UnknownOffer.
    """
    wish, offer = lock_offer(session, offer_id)
    if offer.status == "open":
        wait_on(wish)
        answer(session, offer, "declined")
        publish(session, OfferGone(offer.id, wish.id, wish.customer_id, "declined"))
    return offer.status


def give_up(session: Session, offer_id: UUID) -> None:
    """Take back an offer whose time turned out not to be there any more. Raises UnknownOffer."""
    wish, offer = lock_offer(session, offer_id)
    if offer.status == "open":
        wait_on(wish)
        answer(session, offer, "withdrawn")
        publish(session, OfferGone(offer.id, wish.id, wish.customer_id, "withdrawn"))


def settle(session: Session, offer_id: UUID) -> None:
    """End an offer that nobody answered in time, free what it held and offer it to the next, in one transaction.

    Harmless to repeat and to come too early. Raises UnknownOffer.
    """
    take_turn(session, views.offer(session, offer_id).branch_id)
    wish, offer = lock_offer(session, offer_id)
    if offer.status == "accepted":
        return
    if offer.status == "open":
        if offer.expires_at > clock.now():
            due.schedule(session, SETTLE, str(offer.id), offer.expires_at)
            return
        expire(session, wish, offer)
    booking.release(session, offer.hold_id)
    fill(session, Freed(offer.branch_id, offer.freed_from, offer.freed_to))


def expire(session: Session, wish: Wish, offer: Offer) -> None:
    offer.status = "expired"
    wait_on(wish)
    session.flush()
    unanswered = select(func.count()).where(Offer.wish_id == wish.id, Offer.status == "expired")
    if wish.status == "waiting" and (session.scalar(unanswered) or 0) >= rules.UNANSWERED_IN_ALL:
        end(session, wish, "over", "unanswered")
    publish(session, OfferGone(offer.id, wish.id, wish.customer_id, "expired"))
