"""People who work at several branches are not bookable while on the way between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from blueprints.catalog.models import Branch
from blueprints.staff import queries, service
from blueprints.staff.errors import BadRoster
from blueprints.staff.travel import (
    LONGEST_WAY,
    UNKNOWN_WAY,
    Ways,
    Work,
    after_travel,
    distance_km,
    estimated_minutes,
    local_span,
    minute_of,
    wall,
    work,
)
from shopbell import clock
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
MONDAY = date(2026, 3, 2)
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
XINTIANDI, JINGAN = (31.2180, 121.4750), (31.2286, 121.4478)


def test_the_way_is_estimated_from_the_distance_and_rounded_up() -> None:
    assert 2.5 < distance_km(XINTIANDI, JINGAN) < 3.2
    assert estimated_minutes(XINTIANDI, JINGAN) == 20
    assert estimated_minutes(XINTIANDI, XINTIANDI) == 10
    assert estimated_minutes(XINTIANDI, None) == UNKNOWN_WAY
    assert estimated_minutes((90.0, 0.0), (-90.0, 0.0)) == LONGEST_WAY


works = st.builds(
    lambda branch, start, length: Work(branch, MONDAY, start, start + length),
    st.sampled_from([A, B, C]),
    st.integers(0, 2 * 1440),
    st.integers(5, 600),
)


@given(st.lists(works, max_size=8), st.integers(0, 200), st.integers(0, 200))
def test_nobody_is_bookable_while_travelling(planned: list[Work], near: int, far: int) -> None:
    """Minute by minute: whoever is bookable at a branch has left every other one, begun before, long enough ago."""
    ways = Ways({}, {(A, B): near, (B, A): near, (A, C): far, (C, A): far, (B, C): far, (C, B): near})
    left = after_travel(planned, ways)
    for found in left:
        (source, *_) = [p for p in planned if (p.branch_id, p.ends) == (found.branch_id, found.ends)]
        assert source.starts <= found.starts < found.ends
    for found in left:
        for other in planned:
            if other.branch_id == found.branch_id:
                continue
            begun_before = (other.starts, other.branch_id) < min(
                (p.starts, p.branch_id) for p in planned if p.branch_id == found.branch_id and p.ends == found.ends
            )
            if begun_before:
                assert other.ends + ways.minutes(other.branch_id, found.branch_id) <= found.starts
    # Two stretches that are left, at different branches, never overlap and always have the way between them.
    for one in left:
        for two in left:
            if one.branch_id != two.branch_id and one.starts < two.starts:
                assert one.ends + ways.minutes(one.branch_id, two.branch_id) <= two.starts


@given(st.lists(works, max_size=8), st.integers(0, 120))
def test_work_at_one_branch_alone_is_left_as_it_is(planned: list[Work], minutes: int) -> None:
    here = [replace(found, branch_id=A) for found in planned]
    ways = Ways({}, {(A, B): minutes})
    assert sorted(after_travel(here, ways), key=str) == sorted(here, key=str)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 4, 5)])
def test_what_is_left_never_begins_before_the_arrival_when_clocks_change(zone: str, day: date) -> None:
    there = ZoneInfo(zone)
    for late in range(0, 300, 7):
        found = work(A, day, (0, 720), there)
        found = replace(found, starts=found.starts + late)
        span = local_span(found, there)
        assert span is not None
        assert minute_of(wall(day, span[0], there)) >= found.starts
        assert minute_of(wall(day, span[0], there)) - found.starts < 70


def spans(session: Session, person_id: UUID, branch_id: UUID, day: date) -> list[tuple[int, int]]:
    return queries.roster_spans(session, branch_id, day, 1).get(person_id, {}).get(day, [])


def place_branches(session: Session, shop: Shop) -> None:
    for branch_id, (latitude, longitude) in ((shop.branch_id, XINTIANDI), (shop.second_branch_id, JINGAN)):
        values = {"latitude": latitude, "longitude": longitude}
        session.execute(update(Branch).where(Branch.id == branch_id).values(**values))


@pytest.mark.proves("B6")
def test_the_later_work_of_a_floating_person_begins_after_the_way(session: Session, shop: Shop) -> None:
    place_branches(session, shop)
    person, first, second = shop.people[0], shop.branch_id, shop.second_branch_id
    service.set_weekly_roster(session, person, first, {0: [(540, 720)]}, valid_from=MONDAY)
    service.set_weekly_roster(session, person, second, {0: [(730, 1080)]}, valid_from=MONDAY)
    assert spans(session, person, first, MONDAY) == [(540, 720)]
    assert spans(session, person, second, MONDAY) == [(740, 1080)]
    (rush,) = queries.rushes(session, person, MONDAY, 28)
    assert (rush.leaves, rush.until, rush.arrives, rush.planned, rush.minutes, rush.bookable) == (
        first,
        720,
        second,
        730,
        20,
        740,
    )
    service.set_travel(session, first, {second: 45})
    assert spans(session, person, second, MONDAY) == [(765, 1080)]
    assert queries.ways(session).minutes(second, first) == 45
    service.set_travel(session, second, {first: None})
    assert spans(session, person, second, MONDAY) == [(740, 1080)]


def test_leave_and_dated_extra_work_count_for_the_way_too(session: Session, shop: Shop) -> None:
    place_branches(session, shop)
    person, first, second = shop.people[0], shop.branch_id, shop.second_branch_id
    service.set_weekly_roster(session, person, first, {0: [(540, 720)], 1: [(780, 1080)]}, valid_from=MONDAY)
    service.add_extra(session, person, second, MONDAY, (720, 900))
    service.add_extra(session, person, second, MONDAY + timedelta(days=1), (600, 780))
    assert spans(session, person, second, MONDAY) == [(740, 900)]
    assert spans(session, person, first, MONDAY + timedelta(days=1)) == [(800, 1080)]
    service.add_leave(session, person, MONDAY, span=(540, 720))
    assert spans(session, person, second, MONDAY) == [(720, 900)]


def test_extra_work_while_at_another_branch_is_refused_with_the_hours_there(session: Session, shop: Shop) -> None:
    with pytest.raises(BadRoster) as error:
        service.add_extra(session, shop.people[0], shop.second_branch_id, MONDAY, (600, 660))
    assert "09:00–18:00" in error.value.fields["span"]
    service.add_leave(session, shop.people[0], MONDAY, span=(540, 720))
    service.add_extra(session, shop.people[0], shop.second_branch_id, MONDAY, (600, 660))
    assert spans(session, shop.people[0], shop.branch_id, MONDAY) == [(720, 1080)]


def test_branches_in_different_zones_are_compared_by_instants(session: Session, shop: Shop) -> None:
    second = shop.second_branch_id
    session.execute(update(Branch).where(Branch.id == second).values(time_zone="Asia/Ho_Chi_Minh"))
    person = shop.people[0]
    service.set_weekly_roster(session, person, shop.branch_id, {0: [(540, 720)]}, valid_from=MONDAY)
    # 11:00 in Saigon is 12:00 in Shanghai: the work there ends this very moment, and the way takes half an hour.
    service.add_extra(session, person, second, MONDAY, (660, 900))
    assert spans(session, person, second, MONDAY) == [(690, 900)]


def test_the_answer_for_a_day_does_not_depend_on_the_days_around_it(session: Session, shop: Shop) -> None:
    person, first, second = shop.people[0], shop.branch_id, shop.second_branch_id
    weekly = {weekday: [(0, 700), (1300, 1440)] for weekday in range(7)}
    service.set_weekly_roster(session, person, first, weekly, valid_from=MONDAY)
    other = {weekday: [(700, 1290)] for weekday in range(7)}
    service.set_weekly_roster(session, person, second, other, valid_from=MONDAY)
    for branch_id in (first, second):
        whole = queries.roster_spans(session, branch_id, MONDAY, 14)[person]
        for number in range(14):
            day = MONDAY + timedelta(days=number)
            assert whole.get(day, []) == spans(session, person, branch_id, day)


def test_ways_are_said_at_head_office_and_estimated_again(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    place_branches(session, shop)
    browser, address = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}/travel"
    page = browser.get(address).text
    assert "20 min" in page
    field = f"travel.{shop.second_branch_id}"
    typed = {"other": str(shop.second_branch_id), field: "far"}
    wrong = browser.post(address, data=typed)
    assert wrong.status_code == 422
    assert 'value="far"' in wrong.text
    assert f'href="#f-travel-{shop.second_branch_id}"' in wrong.text
    assert browser.post(address, data=typed | {field: "35"}).status_code == 303
    session.expire_all()
    assert queries.said_from(session, shop.second_branch_id) == {shop.branch_id: 35}
    assert browser.post(address, data=typed | {field: ""}).status_code == 303
    session.expire_all()
    assert queries.said_from(session, shop.second_branch_id) == {}


def test_ways_to_another_chains_branch_are_refused(
    sign_in_as: SignIn, session: Session, shop: Shop, other_shop: Shop
) -> None:
    address = f"/hq/branches/{shop.branch_id}/travel"
    typed = {"other": str(other_shop.branch_id), f"travel.{other_shop.branch_id}": "10"}
    assert sign_in_as("hq").post(address, data=typed).status_code == 422
    assert queries.said_from(session, shop.branch_id) == {}


def test_the_roster_page_says_where_the_way_takes_time_away(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    service.set_weekly_roster(session, shop.people[0], shop.branch_id, {0: [(540, 720)]}, valid_from=MONDAY)
    service.set_weekly_roster(session, shop.people[0], shop.second_branch_id, {0: [(720, 900)]}, valid_from=MONDAY)
    page = sign_in_as("hq").get(f"/hq/people/{shop.people[0]}/roster?lang=en").text
    assert "from Xintiandi (until 12:00) to Jingan (from 12:00) takes 30 minutes" in page
    assert "There they can be booked from 12:30." in page


def test_instants_of_local_times_are_those_of_the_clock() -> None:
    zone = clock.zone("Asia/Shanghai")
    assert wall(MONDAY, 540, zone) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
