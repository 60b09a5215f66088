"""What a customer may still do with a visit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from blueprints.booking.api import Terms
from blueprints.storefront.standing import may_cancel, may_move, stage

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    status: str = "booked"
    minutes: int = 600
    terms: Terms = Terms()  # noqa: RUF009 - it is frozen
    moves: int = 0

    @property
    def starts_at(self) -> datetime:
        return NOW + timedelta(minutes=self.minutes)


FEE = Terms(late_cancel_percent=50)


@pytest.mark.parametrize(
    ("statuses", "found"),
    [
        (["booked"], "upcoming"),
        (["requested"], "upcoming"),
        (["confirmed", "cancelled"], "upcoming"),
        (["cancelled", "cancelled"], "cancelled"),
        (["arrived", "booked"], "here"),
        (["done", "booked"], "here"),
        (["done", "in_service"], "here"),
        (["done", "no_show"], "done"),
        (["no_show", "cancelled"], "missed"),
    ],
)
def test_where_a_visit_stands(statuses, found):
    assert stage([Row(status) for status in statuses]) == found


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([Row(minutes=120)], "free"),
        ([Row(minutes=119)], "call"),
        ([Row(minutes=119, terms=FEE)], "fee"),
        ([Row(minutes=600), Row(minutes=60, terms=FEE)], "fee"),
        ([Row(minutes=60, terms=FEE), Row(minutes=60)], "call"),
        ([Row(minutes=60, status="cancelled"), Row(minutes=600)], "free"),
        ([Row(minutes=0, terms=FEE)], "call"),
        ([Row("arrived", terms=FEE)], "no"),
    ],
)
def test_the_strictest_appointment_of_a_visit_decides_on_cancelling(rows, found):
    assert may_cancel(rows, NOW) == found


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([Row(minutes=120)], "yes"),
        ([Row(minutes=119)], "late"),
        ([Row(minutes=600), Row(minutes=60)], "late"),
        ([Row(terms=Terms(max_moves=1), moves=1)], "used"),
        ([Row(terms=Terms(max_moves=2), moves=1)], "yes"),
        ([Row("done")], "no"),
    ],
)
def test_the_strictest_appointment_of_a_visit_decides_on_moving(rows, found):
    assert may_move(rows, NOW) == found
