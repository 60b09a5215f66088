"""The estimate of the wait, as rules: examples first, then what must hold for every shop."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprints.arrivals.rules.calling import next_one
from blueprints.arrivals.rules.floor import HORIZON, NOT_TODAY, Floor, Need, State, Visit, Waiter, Wanted, Worker
from blueprints.arrivals.rules.pace import AS_PLANNED, LEAST, NOTHING_LEARNED, SHARES, Pace, Paces, learned
from blueprints.arrivals.rules.simulate import USUAL, Run, in_line, outlook

CUT, COLOUR = UUID(int=1), UUID(int=2)
EXACT = Pace(tuple(1.0 for _ in SHARES))
BY_PLAN = Paces({}, {CUT: EXACT, COLOUR: EXACT})
ALL_DAY = ((0, 600),)


def worker(number: int, works: tuple[tuple[int, int], ...] = ALL_DAY, can: tuple[UUID, ...] = (CUT, COLOUR)) -> Worker:
    return Worker(UUID(int=100 + number), number, works, dict.fromkeys(can, 1.0))


def wanted(minutes: int = 30, service: UUID = CUT, needs: tuple[Need, ...] = ()) -> Wanted:
    return Wanted(service, minutes, ((0, minutes),), needs)


def waiter(number: int, what: Wanted | None = None, *, called: bool = False, only: UUID | None = None) -> Waiter:
    return Waiter(UUID(int=500 + number), what or wanted(), called, only)


def visit(number: int, of: Worker, starts: int, minutes: int, state: State, began: int = 0) -> Visit:
    takes = ((of.resource, starts, starts + minutes),)
    return Visit(UUID(int=900 + number), CUT, of.id, starts, starts + minutes, state, takes, began)


def play(floor: Floor, paces: Paces, share: float) -> Run:
    run = Run(floor, paces, share)
    for one in in_line(floor):
        run.seat(one)
    return run


def waits(floor: Floor, paces: Paces = BY_PLAN) -> list[tuple[int | None, int | None]]:
    found = outlook(floor, paces).estimates
    return [(found[one.id].low, found[one.id].high) for one in floor.waiting]


def test_in_an_empty_shop_nobody_waits() -> None:
    assert outlook(Floor((worker(1),), (), ()), BY_PLAN, wanted()).newcomer.high == 0
    assert waits(Floor((worker(1),), (), (waiter(1),))) == [(0, 0)]


def test_everybody_waits_for_those_before_them() -> None:
    assert waits(Floor((worker(1),), (), tuple(waiter(number) for number in range(3)))) == [(0, 0), (30, 30), (60, 60)]


def test_two_people_serve_twice_as_many() -> None:
    floor = Floor((worker(1), worker(2)), (), tuple(waiter(number) for number in range(4)))
    assert waits(floor) == [(0, 0), (0, 0), (30, 30), (30, 30)]


def test_a_visit_under_way_lasts_by_what_really_happens_and_not_by_its_plan() -> None:
    one = worker(1)
    slow = Paces({}, {CUT: Pace(tuple(1.5 + 0.01 * number for number in range(19)))})
    floor = Floor((one,), (visit(1, one, -20, 30, State.BUSY, began=-20),), (waiter(1),))
    assert waits(floor) == [(10, 10)]
    low, high = waits(floor, slow)[0]
    assert low is not None
    assert high is not None
    assert low >= 25
    assert high <= 40


def test_the_longer_it_lasts_already_the_later_it_ends() -> None:
    pace = Pace(tuple(0.5 + 0.1 * number for number in range(19)))
    ends = [pace.factor(USUAL, elapsed / 10) for elapsed in range(0, 40)]
    assert ends == sorted(ends)
    assert all(end > elapsed / 10 for elapsed, end in enumerate(ends))


def test_what_somebody_does_often_has_a_pace_of_their_own() -> None:
    rows = [
        (CUT, UUID(int=101), LEAST, tuple(1.5 for _ in SHARES)),
        (CUT, UUID(int=102), LEAST - 1, tuple(3.0 for _ in SHARES)),
        (CUT, None, 50, tuple(1.1 for _ in SHARES)),
    ]
    paces = learned(rows)
    assert paces.of(CUT, UUID(int=101)).ratio(0.5) == 1.5
    assert paces.of(CUT, UUID(int=102)).ratio(0.5) == 1.1, "seven visits say too little"
    assert paces.of(COLOUR, UUID(int=101)) is AS_PLANNED


def test_walk_ins_fill_the_gap_before_an_appointment_and_only_what_fits() -> None:
    one = worker(1)
    later = visit(1, one, 40, 30, State.COMING)
    floor = Floor((one,), (later,), (waiter(1, wanted(60)), waiter(2, wanted(30))))
    assert waits(floor) == [(70, 70), (0, 0)], "the long one goes after it, the short one before"


def test_an_appointment_is_never_put_off_for_a_walk_in() -> None:
    one = worker(1)
    here = visit(1, one, 0, 30, State.HERE)
    floor = Floor((one,), (here,), (waiter(1),))
    found = outlook(floor, BY_PLAN).estimates
    assert (found[here.id].low, found[here.id].high) == (0, 0)
    assert waits(floor) == [(30, 30)]


def test_an_appointment_waits_when_the_visit_before_it_overruns() -> None:
    one = worker(1)
    floor = Floor((one,), (visit(1, one, -30, 30, State.BUSY, -15), visit(2, one, 0, 30, State.HERE)), ())
    assert outlook(floor, BY_PLAN).estimates[UUID(int=902)].high == 15


def test_somebody_who_is_late_may_still_come_until_the_grace_is_over() -> None:
    one = worker(1)
    late = visit(1, one, -10, 30, State.COMING)
    assert waits(Floor((one,), (late,), (waiter(1),))) == [(0, 30)]
    gone = visit(1, one, -20, 30, State.COMING)
    assert waits(Floor((one,), (gone,), (waiter(1),))) == [(0, 10)], "then only what is left of the time is kept"


def test_while_colour_processes_somebody_else_is_served() -> None:
    one = worker(1)
    colour = Visit(UUID(int=901), COLOUR, one.id, -20, 70, State.BUSY, ((1, -20, 0), (1, 45, 70)), began=-20)
    assert waits(Floor((one,), (colour,), (waiter(1), waiter(2)))) == [(0, 0), (70, 70)]


def test_nobody_is_served_by_somebody_who_cannot_do_it() -> None:
    floor = Floor((worker(1, can=(CUT,)), worker(2, works=((120, 300),))), (), (waiter(1, wanted(service=COLOUR)),))
    assert waits(floor) == [(120, 120)]


def test_whoever_can_do_fewer_things_is_taken_first() -> None:
    floor = Floor((worker(1), worker(2, can=(CUT,))), (), (waiter(1), waiter(2, wanted(service=COLOUR))))
    assert waits(floor) == [(0, 0), (0, 0)]


def test_one_room_serves_one_at_a_time() -> None:
    room = Need(0, 30, (77,))
    floor = Floor((worker(1), worker(2)), (), (waiter(1, wanted(needs=(room,))), waiter(2, wanted(needs=(room,)))))
    assert waits(floor) == [(0, 0), (30, 30)]
    two = Need(0, 30, (77, 78), 2)
    floor = Floor((worker(1), worker(2)), (), (waiter(1, wanted(needs=(two,))), waiter(2, wanted(needs=(room,)))))
    assert waits(floor) == [(0, 0), (30, 30)]


def test_who_helps_cannot_be_who_serves() -> None:
    alone = Floor((worker(1),), (), (waiter(1, wanted(needs=(Need(0, 10, (1,)),))),))
    assert waits(alone) == [(None, None)]
    both = Floor((worker(1), worker(2)), (), (waiter(1, wanted(needs=(Need(0, 10, (1, 2)),))), waiter(2)))
    assert waits(both) == [(0, 0), (10, 10)]


def test_a_visit_that_does_not_fit_into_the_shift_is_not_promised() -> None:
    floor = Floor((worker(1, works=((0, 20),)),), (), (waiter(1),))
    assert outlook(floor, BY_PLAN).estimates[waiter(1).id] == NOT_TODAY


def test_whoever_is_called_is_first_and_stays_with_the_person_who_called() -> None:
    floor = Floor((worker(1),), (), (waiter(1), waiter(2, called=True, only=worker(1).id)))
    assert waits(floor) == [(30, 30), (0, 0)]


def test_breaks_are_kept() -> None:
    assert waits(Floor((worker(1, works=((0, 20), (50, 200))),), (), (waiter(1),))) == [(50, 50)]


def test_next_is_the_appointment_whose_time_has_come_then_the_queue_then_one_who_is_early() -> None:
    one = worker(1)
    due, early = visit(1, one, -2, 30, State.HERE), visit(2, one, 45, 30, State.HERE)
    both = Floor((one,), (due, early), (waiter(1),))
    assert next_one(both, BY_PLAN, one.id) == (due.id, one.id)
    assert next_one(both, BY_PLAN, one.id, {due.id}) is None, "nothing fits between them but the due one itself"
    only_early = Floor((one,), (early,), (waiter(1), waiter(2)))
    assert next_one(only_early, BY_PLAN, one.id) == (waiter(1).id, one.id)
    assert next_one(replace(only_early, waiting=(waiter(1, wanted(50)),)), BY_PLAN, one.id) == (early.id, one.id)
    assert next_one(Floor((one,), (), ()), BY_PLAN, one.id) is None


def test_whoever_calls_is_done_with_the_visit_they_had() -> None:
    one, other = worker(1), worker(2)
    busy = (visit(1, one, -10, 30, State.BUSY, -10), visit(2, other, -10, 30, State.BUSY, -10))
    floor = Floor((one, other), busy, (waiter(1),))
    assert next_one(floor, BY_PLAN, None) is None
    assert next_one(floor, BY_PLAN, other.id) == (waiter(1).id, other.id)


services = st.sampled_from((CUT, COLOUR))
lengths = st.sampled_from((10, 15, 30, 45, 60, 90))


@st.composite
def floors(draw: st.DrawFn, *, skills: bool = True) -> Floor:
    people = []
    for number in range(draw(st.integers(1, 4))):
        ends = draw(st.integers(60, 600))
        pause = draw(st.integers(10, 50))
        works = draw(st.sampled_from((((-60, ends),), ((-60, pause), (pause + 30, ends + 60)))))
        can = draw(st.sampled_from(((CUT,), (COLOUR,), (CUT, COLOUR)))) if skills else (CUT, COLOUR)
        people.append(worker(number, works, can))
    visits = []
    for number in range(draw(st.integers(0, 6))):
        state = draw(st.sampled_from(tuple(State)))
        starts = draw(st.integers(-40, 120))
        if state is State.BUSY:
            starts = min(starts, 0)
        visits.append(visit(number, draw(st.sampled_from(people)), starts, draw(lengths), state, min(starts, 0)))
    what = {
        service: wanted(draw(lengths), service, draw(st.sampled_from(((), (Need(0, 10, (77,)),)))))
        for service in (CUT, COLOUR)
    }
    queue = [waiter(number, what[draw(services)]) for number in range(draw(st.integers(0, 8)))]
    return Floor(tuple(people), tuple(visits), tuple(queue))


paces = st.sampled_from((BY_PLAN, NOTHING_LEARNED, Paces({}, {CUT: Pace(tuple(0.6 + 0.1 * n for n in range(19)))})))


@pytest.mark.proves("B9")
@settings(max_examples=120, deadline=None)
@given(floors(), paces)
def test_a_range_is_a_range_and_always_the_same(floor: Floor, pace: Paces) -> None:
    found = outlook(floor, pace, wanted())
    assert found == outlook(floor, pace, wanted())
    for one in [*found.estimates.values(), found.newcomer]:
        assert (one.low is None) == (one.high is None)
        if one.low is not None and one.high is not None:
            assert 0 <= one.low <= one.high < HORIZON + 5
            assert one.low % 5 == one.high % 5 == 0


@settings(max_examples=120, deadline=None)
@given(floors(), paces, lengths, services)
def test_one_more_person_before_somebody_never_shortens_their_wait(
    floor: Floor, pace: Paces, minutes: int, service: UUID
) -> None:
    """Whoever comes last waits no less when one more has come just before them."""
    me = wanted(30, CUT)
    before = outlook(floor, pace, me).newcomer
    longer = replace(floor, waiting=(*floor.waiting, waiter(99, wanted(minutes, service))))
    after = outlook(longer, pace, me).newcomer
    if after.high is not None and after.low is not None:
        assert before.high is not None
        assert before.low is not None
        assert before.high <= after.high
        assert before.low <= after.low


@settings(max_examples=120, deadline=None)
@given(floors(), paces, st.integers(0, 4))
def test_nobody_who_comes_later_changes_the_place_of_those_before(floor: Floor, pace: Paces, count: int) -> None:
    some = replace(floor, waiting=floor.waiting[:count])
    all_of_them, without = outlook(floor, pace).estimates, outlook(some, pace).estimates
    assert all(all_of_them[one.id] == without[one.id] for one in some.waiting)


@settings(max_examples=120, deadline=None)
@given(floors(skills=False), paces)
def test_one_more_pair_of_hands_shortens_the_queue_but_for_a_bounded_anomaly(floor: Floor, pace: Paces) -> None:
    """As simulate says: nobody waits longer by more than the longest visit."""
    floor = replace(floor, waiting=tuple(replace(one, wanted=replace(one.wanted, needs=())) for one in floor.waiting))
    more = replace(floor, workers=(*floor.workers, worker(50, ((0, HORIZON),))))
    longest = max((one.wanted.minutes for one in floor.waiting), default=0) * 3
    for share in (0.2, USUAL, 0.9):
        before, after = play(floor, pace, share).places, play(more, pace, share).places
        for one in floor.waiting:
            assert one.id in after
            if one.id in before:
                assert after[one.id].starts <= before[one.id].starts + longest


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 5), st.lists(lengths, max_size=10))
def test_without_appointments_one_more_pair_of_hands_never_lengthens_a_wait(count: int, queue: list[int]) -> None:
    people = tuple(worker(number, ((0, HORIZON),)) for number in range(count))
    floor = Floor(people, (), tuple(waiter(number, wanted(minutes)) for number, minutes in enumerate(queue)))
    more = replace(floor, workers=(*people, worker(50, ((0, HORIZON),))))
    before, after = play(floor, BY_PLAN, USUAL).places, play(more, BY_PLAN, USUAL).places
    assert all(after[one.id].starts <= before[one.id].starts for one in floor.waiting)


@settings(max_examples=80, deadline=None)
@given(floors(), paces)
def test_nobody_is_double_booked_by_the_plan(floor: Floor, pace: Paces) -> None:
    """Walk-ins of one person never overlap, and lie within the shift."""
    run = play(floor, pace, USUAL)
    taken: dict[int, list[tuple[int, int]]] = {}
    for one in floor.waiting:
        place = run.places.get(one.id)
        if place and place.way:
            for first, last in place.way.main:
                taken.setdefault(place.way.worker.resource, []).append((place.starts + first, place.starts + last))
                works = place.way.worker.works
                assert any(a <= place.starts + first and place.starts + last <= b for a, b in works)
    for spans in taken.values():
        spans.sort()
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_twenty_people_and_forty_who_wait_are_reckoned_fast() -> None:
    """The limit is 20 ms; the test allows for a busy machine."""
    people = tuple(worker(number, ((-60, 240), (270, 600))) for number in range(20))
    visits = tuple(
        visit(20 * slot + number, one, slot * 75 - 20 + number % 3 * 5, 45, State.COMING if slot else State.BUSY, -20)
        for number, one in enumerate(people)
        for slot in range(6)
    )
    rooms = Need(0, 20, tuple(range(50, 66)))
    what = [wanted(30, service, (rooms,)) for service in (CUT, COLOUR)]
    queue = tuple(waiter(number, what[number % 2]) for number in range(40))
    floor = Floor(people, visits, queue)
    best = 1.0
    for _ in range(5):
        began = time.process_time()
        outlook(floor, NOTHING_LEARNED, wanted())
        best = min(best, time.process_time() - began)
    assert best < 0.06
