"""Visits that took place, to be reviewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput
from blueprints.reviews import service
from blueprints.reviews.models import Review
from blueprints.reviews.service import ReviewInput
from shopbell import clock
from tests.messaging.conftest import devtools, outside
from tests.support.world import Shop

__all__ = ["devtools", "outside"]

Visit = Callable[..., BookingDetails]
Reviewed = Callable[..., Review]


@pytest.fixture
def questions() -> Callable[[Callable[[], object]], int]:
    """How many statements some work sends to the database."""

    def count(work: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(seen)

    return count


@pytest.fixture
def visit(session: Session, shop: Shop) -> Visit:
    """Makes an appointment `hours` from now and, unless told otherwise, lets it be done."""

    def make(
        name: str = "Linh Trần", *, hours: int = 3, status: str = "done", person_id: UUID | None = None
    ) -> BookingDetails:
        start = clock.now() + timedelta(hours=hours)
        customer = CustomerInput(name, "13812345678", "linh@example.com", "en")
        wanted = BookingRequest(shop.branch_id, shop.eye_test, start, customer, person_id=person_id)
        made = booking.reserve(session, wanted)
        if status == "no_show":
            booking.set_status(session, made.id, "no_show")
        elif status != "booked":
            booking.set_status(session, made.id, status)
        return booking.details(session, made.id)

    return make


@pytest.fixture
def reviewed(session: Session, visit: Visit) -> Reviewed:
    """Makes a visit that is reviewed."""

    def make(stars: int = 5, words: str = "", stages: dict[str, int] | None = None, **options: object) -> Review:
        made = visit(**options)
        service.give(session, made.id, ReviewInput(stars, stages or {}, words, "en"))
        return session.scalars(select(Review).where(Review.booking_id == made.id)).one()

    return make
