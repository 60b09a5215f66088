"""Bitmaps find exactly the times, and the search places exactly the visits, that a patient clerk finds cell by cell."""

from __future__ import annotations

import os
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprints.booking.queries.free import Party, party_starts
from blueprints.booking.rules.needs import Demand, demand_of
from blueprints.booking.rules.ranking import Ranking
from blueprints.booking.rules.slots import (
    Book,
    Place,
    Wanted,
    Worker,
    guest_starts,
    leaves_gap,
    people_by_start,
    without_gaps,
)
from blueprints.booking.rules.solve import Search, solve
from blueprints.booking.rules.timeline import CELLS_IN_A_DAY, Window, bits, run, starts_of
from shopbell import clock, ids
from tests.rules.booking.clerk import Clerk, Service, Step

CELLS = 30
EXAMPLES = int(os.environ.get("SHOPBELL_EXAMPLES", "120"))
"""More of them in a longer run: SHOPBELL_EXAMPLES=3000 pytest tests/rules/booking/test_slots.py"""
CUT, COLOUR = ids.uuid7(), ids.uuid7()
EVERYTHING = (1 << CELLS) - 1

steps = st.builds(
    Step,
    minutes=st.integers(1, 3).map(lambda n: 5 * n),
    skill_id=st.sampled_from([CUT, CUT, COLOUR, None]),
    room_type=st.sampled_from([None, "exam", "chair"]),
    device_type=st.sampled_from([None, None, "phoropter"]),
    role=st.sampled_from(["main", "main", "assistant"]),
    level=st.integers(1, 2),
    room_count=st.sampled_from([1, 1, 2]),
    device_count=st.just(1),
    wait_minutes=st.sampled_from([0, 0, 0, 5, 10]),
)
services = st.builds(
    Service,
    steps=st.lists(steps, min_size=1, max_size=3).map(tuple),
    before=st.sampled_from([0, 0, 1]),
    after=st.sampled_from([0, 0, 1]),
)
bitmaps = st.integers(0, EVERYTHING)
mostly = st.one_of(st.just(EVERYTHING), st.tuples(bitmaps, bitmaps).map(lambda two: two[0] | two[1]))
busy = st.lists(st.tuples(st.integers(0, CELLS - 1), st.integers(1, 8)), max_size=3).map(
    lambda spans: sum({1 << cell for start, length in spans for cell in range(start, min(start + length, CELLS))})
)


@st.composite
def books(draw):
    workers = tuple(
        Worker(ids.uuid7(), number, {CUT: draw(st.integers(1, 2)), **draw(st.sampled_from([{}, {COLOUR: 2}]))})
        for number in (1, 2, 3)
    )
    places = (
        Place(10, "room", "exam"),
        Place(11, "room", "exam"),
        Place(12, "room", "chair"),
        Place(14, "room", "chair"),
        Place(13, "device", "phoropter"),
    )
    return Book(
        opening=draw(mostly),
        grid=EVERYTHING,
        rosters={worker.id: draw(mostly) for worker in workers},
        workers=workers,
        places=places,
        taken={resource: draw(busy) for resource in (1, 2, 3, 10, 11, 12, 13, 14)},
        everything=EVERYTHING,
    )


def wanted_of(book: Book, service: Service) -> Wanted | None:
    """The service with everybody who may lead it; None when nobody here can do a part of it."""

    def demand(worker: Worker | None) -> Demand:
        percents = service.percents or {}
        return demand_of(
            service.steps,
            percent=percents.get(worker.id, 100) if worker else 100,
            buffer_before_minutes=5 * service.before,
            buffer_after_minutes=5 * service.after,
        )

    usual = demand(None)
    if not all(any(worker.has(needed) for worker in book.workers) for needed in usual.levels.values()):
        return None
    if usual.lead is None:
        return Wanted(((None, usual),))
    able = [worker for worker in book.workers if worker.has(usual.levels[usual.lead])]
    return Wanted(tuple((worker, demand(worker)) for worker in able))


def checked_party(book: Book, guests: list[list[Service]]) -> list[list[Wanted]] | None:
    found = [[wanted_of(book, service) for service in mine] for mine in guests]
    return None if any(one is None for mine in found for one in mine) else found  # type: ignore[return-value]


@pytest.mark.proves("B7")
@settings(max_examples=EXAMPLES, deadline=None)
@given(books(), st.lists(services, min_size=1, max_size=2), st.data())
def test_a_guest_can_begin_exactly_where_a_patient_clerk_says(book, mine, data):
    percents = {worker.id: data.draw(st.sampled_from([100, 100, 50, 150])) for worker in book.workers}
    mine = [Service(one.steps, one.before, one.after, percents) for one in mine]
    party = checked_party(book, [mine])
    if party is None:
        return
    clerk = Clerk(book, CELLS)
    found = guest_starts(book, party[0])
    for lead, _demand in party[0][0].leads:
        expected = {start for start in range(CELLS) if clerk.can_begin([mine], start, lead)}
        assert set(bits(found[lead.id if lead else None])) == expected


@pytest.mark.proves("B12")
@settings(max_examples=EXAMPLES, deadline=None)
@given(books(), st.lists(st.lists(services, min_size=1, max_size=2), min_size=1, max_size=2))
def test_everybody_of_a_party_is_placed_exactly_where_a_patient_clerk_can(book, guests):
    party = checked_party(book, guests)
    if party is None:
        return
    clerk = Clerk(book, CELLS)
    for start in range(0, CELLS, 3):
        found = solve(Search(book, Ranking(book, 2)), party, start)
        assert (found is not None) == clerk.can_begin(guests, start)
        if found is not None:
            assert_only_free_cells_are_taken_once(book, [one.taken for mine in found for one in mine])


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(books(), st.lists(st.lists(services, min_size=1, max_size=2), min_size=1, max_size=2))
def test_what_is_shown_to_a_party_is_what_can_be_booked(book, guests):
    wanted = checked_party(book, guests)
    if wanted is None:
        return
    party = Party((), tuple(tuple(mine) for mine in wanted))
    starts = party_starts(book, party, EVERYTHING)
    shown = {cell for bitmap in starts.values() for cell in bits(bitmap)}
    assert shown == {cell for cell in range(CELLS) if solve(Search(book, Ranking(book, 2)), wanted, cell)}


def assert_only_free_cells_are_taken_once(book: Book, takings) -> None:
    taken = dict(book.taken)
    by_resource = {worker.resource_id: book.rosters[worker.id] for worker in book.workers}
    for resource, first, last in (span for taking in takings for span in taking):
        wanted = run(first, last)
        assert not taken.get(resource, 0) & wanted
        assert by_resource.get(resource, EVERYTHING) & wanted == wanted
        taken[resource] = taken.get(resource, 0) | wanted


@given(mostly, st.integers(0, 2), st.integers(1, 5), st.integers(1, 6))
def test_a_start_is_called_gapless_exactly_when_no_short_stretch_is_left_beside_it(free, offset, length, shortest):
    found = without_gaps(free, offset, length, shortest, EVERYTHING)
    for start in range(CELLS):
        first, last = start + offset, start + offset + length
        if last > CELLS or free & run(first, last) != run(first, last):
            continue
        before = next((n for n in range(first + 1) if n == first or not free >> (first - n - 1) & 1), 0)
        after = next((n for n in range(CELLS - last + 1) if n == CELLS - last or not free >> (last + n) & 1), 0)
        unusable = 0 < before < shortest or 0 < after < shortest
        assert bool(found >> start & 1) != unusable
        assert leaves_gap(free, first, last, shortest) == unusable


@given(bitmaps, st.integers(1, 20))
def test_starts_of_a_length_have_that_many_free_cells(free, length):
    expected = {i for i in range(CELLS) if all(free >> cell & 1 for cell in range(i, i + length))}
    assert set(bits(starts_of(free, length))) == expected


@given(st.lists(bitmaps, min_size=1, max_size=4))
def test_columns_say_the_same_as_the_bitmaps(maps):
    starts: dict[UUID | None, int] = {ids.uuid7(): bitmap for bitmap in maps}
    found = {position: set(people) for position, people in people_by_start(starts)}
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
    demand = demand_of([Step(10, CUT, "exam"), Step(20, CUT, "exam", "phoropter"), Step(15, None), Step(10, CUT)])
    (block,) = demand.blocks
    assert [(duty.role, duty.offset, duty.length) for duty in block.duties] == [("main", 0, 6), ("main", 9, 2)]
    places = [(need.kind, need.type, need.offset, need.length) for need in block.places]
    assert places == [("room", "exam", 0, 6), ("device", "phoropter", 2, 4)]
    assert 5 * demand.length == 55


def test_a_wait_begins_a_block_in_which_places_are_chosen_anew():
    demand = demand_of([Step(10, CUT, "exam"), Step(10, CUT, "exam", wait_minutes=10)])
    assert [(block.length, block.wait) for block in demand.blocks] == [(2, 0), (2, 2)]
    assert (demand.length, demand.longest) == (4, 6)
