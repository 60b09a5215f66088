"""What messaging does when something happens to a booking."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.booking.events import (
    BookingCancelled,
    BookingMade,
    BookingMoved,
    BookingReminderDue,
    BookingRequested,
)
from blueprints.crm.events import ConsentGiven
from blueprints.messaging.service import suppressions, waiting
from blueprints.messaging.service.compose import compose
from blueprints.reviews.events import ReviewAsked
from blueprints.storefront.events import CalendarWanted
from blueprints.waitlist.events import OfferGone, OfferMade, WishJoined
from shopbell.events import on

DECLINED = "declined"
"""Why a time that was asked for and not approved is cancelled."""


@on(BookingMade)
def confirm(session: Session, event: BookingMade) -> None:
    if event.lead:
        compose(session, "confirmation", event.booking_id, version=0)


@on(BookingRequested)
def tell_request(session: Session, event: BookingRequested) -> None:
    if event.lead:
        compose(session, "request", event.booking_id, version=0)


@on(BookingMoved)
def tell_change(session: Session, event: BookingMoved) -> None:
    if event.lead:
        compose(session, "change", event.booking_id, version=event.slot_version, earlier=event.old_starts_at)
        # One that still waits for its approval is asked for anew.
        compose(session, "request", event.booking_id, version=event.slot_version)


@on(BookingCancelled)
def tell_cancellation(session: Session, event: BookingCancelled) -> None:
    if event.lead:
        template = "declined" if event.reason == DECLINED else "cancellation"
        compose(session, template, event.booking_id, version=0)


@on(BookingReminderDue)
def remind(session: Session, event: BookingReminderDue) -> None:
    compose(session, "reminder", event.booking_id, version=event.slot_version)


@on(ReviewAsked)
def ask_for_review(session: Session, event: ReviewAsked) -> None:
    compose(session, "review", event.booking_id, version=0)


@on(WishJoined)
def tell_wish(session: Session, event: WishJoined) -> None:
    waiting.tell_joined(session, event.wish_id)


@on(OfferMade)
def tell_offer(session: Session, event: OfferMade) -> None:
    waiting.tell_offer(session, event.offer_id)


@on(OfferGone)
def tell_gone(session: Session, event: OfferGone) -> None:
    waiting.tell_gone(session, event.offer_id, event.reason)


@on(CalendarWanted)
def send_calendar(session: Session, event: CalendarWanted) -> None:
    compose(session, "calendar", event.booking_id, version=0)


@on(ConsentGiven)
def write_again(session: Session, event: ConsentGiven) -> None:
    suppressions.wanted_again(session, event.customer_id, event.channel, event.source)
