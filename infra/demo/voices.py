"""What customers said about their visits, and what the branch answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking
from blueprints.crm.models import Customer
from blueprints.reviews import service as reviews
from blueprints.reviews.api import STAGES
from blueprints.reviews.models import Review
from blueprints.reviews.service import ReviewInput
from infra.demo.place import Place
from shopbell import clock
from tenants.demo.words import HELD_BACK, REVIEWS, DemoReview

AFTER, ANSWERED_AFTER = timedelta(hours=5), timedelta(hours=16)
LATELY = timedelta(days=13)


def speak(session: Session, places: Sequence[Place], now: datetime) -> None:
    """Every review of the demonstration once per branch, as far as visits took place; one at the chain's first branch
    waits for somebody to look at it."""
    for place in places:
        left = {locale: list(found) for locale, found in REVIEWS.items()}
        if place is places[0]:
            left["zh-CN"].insert(0, HELD_BACK)
        wanted = (
            select(Booking.id, Booking.ends_at, Customer.locale)
            .join(Customer, Customer.id == Booking.customer_id)
            .where(Booking.branch_id == place.id, Booking.status == "done", Booking.visit_id.is_(None))
            .where(Booking.starts_at > now - LATELY, Booking.ends_at < now - AFTER)
            .order_by(Booking.starts_at.desc(), Booking.id)
        )
        for number, (booking_id, ends_at, locale) in enumerate(session.execute(wanted).all()):
            if number % 2 == 0 and left.get(locale):
                say(session, booking_id, left[locale].pop(0), locale, ends_at + AFTER, now)


def say(session: Session, booking_id: UUID, said: DemoReview, locale: str, at: datetime, now: datetime) -> None:
    draw = Random(f"{said.words}/{at}")
    stages = {stage: min(5, max(1, said.stars + draw.choice((-1, 0, 0, 1)))) for stage in STAGES}
    with clock.frozen(at):
        reviews.give(session, booking_id, ReviewInput(said.stars, stages, said.words, locale))
    if said.answer and at + ANSWERED_AFTER < now:
        written = session.scalars(select(Review.id).where(Review.booking_id == booking_id)).one()
        with clock.frozen(at + ANSWERED_AFTER):
            reviews.answer(session, written, said.answer, by=None)
