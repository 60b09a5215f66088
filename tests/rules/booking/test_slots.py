"""Bitmaps find exactly the times that counting minute by minute finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from blueprints.booking.rules.needs import demand_of
from blueprints.booking.rules.slots import Book, Place, Worker, choose, people_by_start, starts_by_person
from blueprints.booking.rules.timeline import CELLS_IN_A_DAY, Window, bits, run, starts_of
from shopbell import clock, ids

CELLS = 48
SKILL = ids.uuid7()


@dataclass(frozen=True)
class Step:
    minutes: int
    skill_id: UUID | None
    room_type: str | None = None
    device_type: str | None = None


steps = st.lists(
    st.builds(
        Step,
        minutes=st.integers(1, 4).map(lambda n: 5 * n),
        skill_id=st.sampled_from([SKILL, None]),
        room_type=st.sampled_from([None, "exam", "chair"]),
        device_type=st.sampled_from([None, "phoropter"]),
    ),
    min_size=1,
    max_size=4,
)
bitmaps = st.integers(0, (1 << CELLS) - 1)
busy = st.lists(st.tuples(st.integers(0, CELLS - 1), st.integers(1, 12)), max_size=5).map(
    lambda spans: sum({1 << cell for start, length in spans for cell in range(start, min(start + length, CELLS))})
)


@st.composite
def books(draw):
    workers = tuple(Worker(ids.uuid7(), number, frozenset({SKILL})) for number in range(1, 3))
    places = (
        Place(10, "room", "exam"),
        Place(11, "room", "exam"),
        Place(12, "room", "chair"),
        Place(13, "device", "phoropter"),
    )
    return Book(
        opening=draw(st.one_of(st.just((1 << CELLS) - 1), bitmaps)),
        grid=sum(1 << cell for cell in range(0, CELLS, draw(st.sampled_from([1, 3])))),
        rosters={worker.id: draw(st.one_of(st.just((1 << CELLS) - 1), bitmaps)) for worker in workers},
        workers=workers,
        places=places,
        taken={resource: draw(busy) for resource in (1, 2, 10, 11, 12, 13)},
        everything=(1 << CELLS) - 1,
    )


def oracle(book: Book, todo: list[Step], worker: Worker, start: int) -> bool:
    """Cell by cell: is everything there? Rooms and devices are kept over neighbouring steps of one type."""

    def free(bitmap: int, cell: int) -> bool:
        return cell < CELLS and bool(bitmap >> cell & 1)

    spans, cell = [], start
    for step in todo:
        length = step.minutes // 5
        spans.append((cell, cell + length, step))
        cell += length
    if not book.grid >> start & 1 or not all(free(book.opening, at) for at in range(start, cell)):
        return False
    for first, last, step in spans:
        if step.skill_id and not all(free(book.free_person(worker), at) for at in range(first, last)):
            return False
    return all(placed(book, kind, spans) for kind in ("room", "device"))


def placed(book: Book, kind: str, spans: list[tuple[int, int, Step]]) -> bool:
    """Neighbouring steps that name one type keep one place; is there one for each such stretch?"""
    runs: list[tuple[str, list[int]]] = []
    before = None
    for first, last, step in spans:
        wanted = step.room_type if kind == "room" else step.device_type
        if wanted and wanted == before:
            runs[-1][1].extend(range(first, last))
        elif wanted:
            runs.append((wanted, list(range(first, last))))
        before = wanted
    fitting = {
        wanted: [place for place in book.places if (place.kind, place.type) == (kind, wanted)] for wanted, _ in runs
    }
    return all(
        any(all(book.free(place.resource_id) >> at & 1 for at in cells) for place in fitting[wanted])
        for wanted, cells in runs
    )


@settings(max_examples=150, deadline=None)
@given(books(), steps)
def test_starts_are_those_that_a_patient_clerk_finds(book, todo):
    demand = demand_of(todo)
    found = starts_by_person(book, demand, book.workers)
    for worker in book.workers:
        expected = {start for start in range(CELLS) if oracle(book, todo, worker, start)}
        assert set(bits(found[worker.id])) == expected


@settings(max_examples=150, deadline=None)
@given(books(), steps, st.integers(0, CELLS - 1))
def test_a_choice_exists_exactly_where_somebody_can_start_and_takes_only_free_cells(book, todo, start):
    demand = demand_of(todo)
    can_start = any(bitmap >> start & 1 for bitmap in starts_by_person(book, demand, book.workers).values())
    choice = choose(book, demand, start, book.workers)
    if can_start:
        assert choice is not None
    if choice is None:
        return
    for resource, first, last in choice.taken:
        assert not book.taken.get(resource, 0) & run(first, last)
    assert len(choice.taken) == len(demand.needs)


@given(bitmaps, st.integers(1, 20))
def test_starts_of_a_length_have_that_many_free_cells(free, length):
    expected = {i for i in range(CELLS) if all(free >> cell & 1 for cell in range(i, i + length))}
    assert set(bits(starts_of(free, length))) == expected


@given(st.lists(bitmaps, min_size=1, max_size=4))
def test_columns_say_the_same_as_the_bitmaps(maps):
    starts = {ids.uuid7(): bitmap for bitmap in maps}
    found = {position: set(people) for position, people in people_by_start(starts, 1)}
    for position in range(CELLS):
        assert found.get(position, set()) == {person for person, bitmap in starts.items() if bitmap >> position & 1}


def test_a_day_of_a_clock_change_has_an_hour_more_or_less():
    zone = clock.zone("America/New_York")
    assert Window.of_days(date(2026, 3, 8), 1, zone).length == CELLS_IN_A_DAY - 12
    assert Window.of_days(date(2026, 11, 1), 1, zone).length == CELLS_IN_A_DAY + 12
    assert Window.of_days(date(2026, 6, 1), 7, zone).length == 7 * CELLS_IN_A_DAY


def test_hours_over_a_skipped_time_begin_when_the_clocks_have_jumped():
    zone = clock.zone("America/New_York")
    window = Window.of_days(date(2026, 3, 8), 1, zone)
    opened = window.of_spans({date(2026, 3, 8): [(150, 240)]})
    assert next(window.moment(cell).text for cell in bits(opened)) == "2026-03-08T03:00:00-04:00"
    assert opened.bit_count() == 12


def test_one_person_and_one_room_are_kept_over_neighbouring_steps():
    demand = demand_of([Step(10, SKILL, "exam"), Step(20, SKILL, "exam", "phoropter"), Step(15, None), Step(10, SKILL)])
    shown = [(need.kind, need.type, need.offset, need.length) for need in demand.needs]
    assert shown == [("person", "", 0, 6), ("room", "exam", 0, 6), ("device", "phoropter", 2, 4), ("person", "", 9, 2)]
    assert timedelta(minutes=5 * demand.length) == timedelta(minutes=55)
