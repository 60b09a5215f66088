"""The first chain's first branch at ten in the morning: two people on shift, nobody there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from blueprints.arrivals import api as arrivals
from blueprints.arrivals.service import Promise
from blueprints.booking import api as booking
from blueprints.booking.api import Arrival, BookingDetails, BookingRequest, CustomerInput
from blueprints.catalog import api as catalog
from shopbell import clock, ids
from shopbell.db import Database
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.frozen(TEN) as at:
        yield at


@pytest.fixture
def at() -> Callable[[int], datetime]:
    """An instant so many minutes after ten."""
    return lambda minutes: TEN + timedelta(minutes=minutes)


class Floor:
    """What happens in the shop, each in a transaction of its own."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self.database, self.shop = database, shop

    def comes(self, name: str = "Linh", *, service: UUID | None = None, phone: str | None = None) -> Promise:
        arrival = Arrival(ids.uuid7(), self.shop.branch_id, name, phone, service or self.shop.fitting)
        with self.database.transaction(self.shop.tenant) as session:
            return arrivals.receive(session, arrival)

    def books(
        self, starts_at: datetime, person: int = 0, *, phone: str = "13800138000", service: UUID | None = None
    ) -> BookingDetails:
        request = BookingRequest(
            branch_id=self.shop.branch_id,
            service_id=service or self.shop.fitting,
            starts_at=starts_at,
            customer=CustomerInput("Customer", phone),
            person_id=self.shop.people[person],
            source="desk",
        )
        with self.database.transaction(self.shop.tenant) as session:
            return booking.reserve(session, request)

    def status(self, booking_id: UUID, status: str) -> None:
        with self.database.transaction(self.shop.tenant) as session:
            booking.set_status(session, booking_id, status)

    def door_code(self) -> str:
        with self.database.transaction(self.shop.tenant) as session:
            return catalog.renew_door_code(session, self.shop.branch_id)


@pytest.fixture
def floor(database: RolledBackDatabase, shop: Shop) -> Floor:
    return Floor(database, shop)


@pytest.fixture
def plan(session: Session, shop: Shop) -> Callable[[], dict[str, object]]:
    return lambda: arrivals.plan(session, shop.branch_id)


@pytest.fixture
def count_queries(session: Session) -> Callable[[], AbstractContextManager[list[str]]]:
    """with count_queries() as statements: what the session asks the database meanwhile."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return counting
