"""A party that cannot find room is refused without trying every way."""

from __future__ import annotations

from blueprints.booking.rules.crowd import crowd
from blueprints.booking.rules.needs import demand_of
from blueprints.booking.rules.slots import Book, Place, Wanted, Worker
from shopbell import ids
from tests.rules.booking.clerk import Step

CUT, WASH = ids.uuid7(), ids.uuid7()
CELLS = 288
DAY = (1 << CELLS) - 1
COLOUR = demand_of(
    [
        Step(20, CUT, "chair"),
        Step(30, None),
        Step(15, WASH, "basin", role="assistant", wait_minutes=10),
    ]
)


def salon(basins: int, stylists: int = 6) -> tuple[Book, Wanted]:
    hairdressers = [Worker(ids.uuid7(), number, {CUT: 1}) for number in range(1, stylists + 1)]
    helpers = [Worker(ids.uuid7(), number, {WASH: 1}) for number in range(50, 56)]
    people = [*hairdressers, *helpers]
    places = [Place(100 + number, "room", "chair") for number in range(6)]
    places += [Place(200 + number, "room", "basin") for number in range(basins)]
    rosters = {worker.id: DAY for worker in people}
    book = Book(DAY, DAY, rosters, people, places, {}, DAY)
    return book, Wanted(tuple((worker, COLOUR) for worker in hairdressers))


def test_four_cannot_be_washed_at_two_basins_within_the_wait():
    book, colour = salon(basins=2)
    assert not crowd(book, [[colour]] * 4).fits(100)
    assert crowd(book, [[colour]] * 3).fits(100)


def test_more_guests_than_people_for_them_are_seen_at_once():
    book, colour = salon(basins=6, stylists=3)
    assert not crowd(book, [[colour]] * 4).fits(100)
    assert crowd(book, [[colour]] * 3).fits(100)


def test_a_visit_that_would_begin_before_the_window_is_left_to_the_search():
    book, colour = salon(basins=6)
    assert crowd(book, [[colour]] * 2).fits(0)
