"""Which answer comes first, and which place was meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blueprints.finder.rules import BEGINS, CONTAINS, EXACT, IN_ADDRESS, Trip, how_well, plain, read_position, weight

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def trip(hours: float, minutes: int, position: int = 0) -> Trip:
    return Trip(NOW + timedelta(hours=hours), minutes, position)


def first(order: str, *trips: Trip) -> Trip:
    return min(trips, key=lambda one: weight(one, order, NOW))


@pytest.mark.proves("B13")
def test_ten_minutes_more_on_the_way_count_like_an_hour_later():
    near, far = trip(2, 10), trip(1, 20)
    assert weight(near, "best", NOW)[0] == weight(far, "best", NOW)[0]
    assert first("best", trip(1.9, 10), far) == trip(1.9, 10)
    assert first("best", trip(2.1, 10), far) == far


@pytest.mark.proves("B13")
def test_each_order_goes_by_its_own_thing_and_breaks_ties_by_the_other():
    soon, near, later = trip(1, 60), trip(5, 10), trip(6, 10)
    assert first("soonest", soon, near) == soon
    assert first("nearest", soon, later, near) == near
    assert first("soonest", trip(1, 20), trip(1, 10)) == trip(1, 10)
    assert first("best", trip(1, 10, 2), trip(1, 10, 1)).position == 1


@pytest.mark.parametrize(
    ("typed", "names", "fits"),
    [
        ("xintiandi", ["Xintiandi"], EXACT),
        ("da nang", ["Đà Nẵng"], EXACT),
        ("新天地", ["新天地店"], BEGINS),
        ("天地", ["新天地店"], CONTAINS),
        ("near Xintiandi station", ["Xintiandi"], CONTAINS),
        ("Test Road", ["Jingan"], IN_ADDRESS),
        ("Nowhere", ["Jingan"], None),
        ("  ", ["Jingan"], None),
        ("…", ["Jingan"], None),
    ],
)
def test_a_name_is_known_however_it_is_typed(typed, names, fits):
    assert how_well(typed, names, ["1 Test Road, Shanghai"]) == fits


def test_marks_case_and_spaces_do_not_matter():
    assert plain("Quận 1, Hồ Chí Minh") == "quan1hochiminh"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("31.23,121.47", (31.23, 121.47)),
        (" 31.23 ，121.47", (31.23, 121.47)),
        ("91,0", None),
        ("0,181", None),
        ("nan,0", None),
        ("31.23", None),
        ("a,b", None),
        ("1,2,3", None),
    ],
)
def test_coordinates_are_read_or_refused(text, position):
    assert read_position(text) == position
