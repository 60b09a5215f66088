"""Telling people on the waitlist: that they are on it, that a time is kept for them, that it no longer is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.service.notices import Notice, Possible, tell
from blueprints.messaging.service.post import withdraw
from blueprints.waitlist import api as waitlist
from blueprints.waitlist.api import OfferView, UnknownOffer, UnknownWish, WishView
from shopbell import clock


def tell_joined(session: Session, wish_id: UUID) -> list[UUID]:
    """Say that somebody is on the list, and how to leave it; nothing when the wish is over meanwhile."""
    try:
        wish = waitlist.wish(session, wish_id)
    except UnknownWish:
        return []
    if not wish.is_open:
        return []
    return tell(
        session,
        Notice(
            template="wish_joined",
            subject_id=wish.id,
            customer_id=wish.customer_id,
            branch_ids=wish.branch_ids,
            service_ids=wish.service_ids,
            guests=len(wish.asked),
            person_id=wish.person_id,
            link=waitlist.wish_link(wish),
            possible=Possible(wish.first_day, wish.last_day, wish.weekdays, wish.earliest, wish.latest),
        ),
    )


def tell_offer(session: Session, offer_id: UUID) -> list[UUID]:
    """Say that a time is kept; nothing when it no longer is."""
    try:
        offer = waitlist.offer(session, offer_id)
        wish = waitlist.wish(session, offer.wish_id)
    except (UnknownOffer, UnknownWish):
        return []
    if offer.status != "open" or offer.expires_at <= clock.now():
        return []
    return tell(session, about(offer, wish, "offer"))


def tell_gone(session: Session, offer_id: UUID, reason: str) -> list[UUID]:
    """Take back what was not sent yet; say it to those who still wait and did not say no themselves."""
    try:
        offer = waitlist.offer(session, offer_id)
        wish = waitlist.wish(session, offer.wish_id)
    except (UnknownOffer, UnknownWish):
        return []
    withdraw(session, offer.hold_id, ("offer",))
    if reason != "expired" or not wish.is_open:
        return []
    return tell(session, about(offer, wish, "offer_gone"))


def about(offer: OfferView, wish: WishView, template: str) -> Notice:
    kept = template == "offer"
    return Notice(
        template=template,
        subject_id=offer.id,
        customer_id=wish.customer_id,
        branch_ids=(offer.branch_id,),
        service_ids=wish.service_ids,
        guests=len(wish.asked),
        person_id=offer.person_id,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        until=offer.expires_at,
        link=waitlist.offer_link(offer) if kept else waitlist.wish_link(wish),
        # The hold is an appointment in waiting: what is written about it is found by its id.
        booking_id=offer.hold_id if kept else None,
        expires_at=offer.expires_at if kept else offer.starts_at,
    )
