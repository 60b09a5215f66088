"""Which days are shown, how times are grouped, and what may be typed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.booking.api import Slot
from blueprints.storefront.rules import (
    DAYS_SHOWN,
    clean_note,
    clock_face,
    lasts,
    parts_of_day,
    read_day,
    script_language,
    window,
)
from shopbell import clock

SHANGHAI = clock.zone("Asia/Shanghai")
TODAY = date(2026, 11, 23)


def test_a_day_is_read_in_one_spelling_only():
    assert read_day("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["2027-02-29", "2027-13-01", "20270301", "2027-W09-1", "2027-3-1", "tomorrow", "", "٢٠٢٧-٠٣-٠١", "0000-01-01"],
)
def test_other_spellings_and_days_that_do_not_exist_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_day(text)


@given(ahead=st.integers(0, 400), horizon=st.integers(0, 400))
def test_the_strip_shows_the_day_and_never_leaves_what_can_be_booked(ahead, horizon):
    last_day = TODAY + timedelta(days=max(horizon, ahead))
    day = TODAY + timedelta(days=ahead)
    first, days = window(TODAY, day, last_day)
    assert TODAY <= first <= day < first + timedelta(days=days)
    assert first + timedelta(days=days - 1) <= last_day
    assert 1 <= days <= DAYS_SHOWN
    assert (first - TODAY).days % DAYS_SHOWN == 0


def at(hour: int, minute: int = 0) -> datetime:
    return clock.at_local(TODAY, hour * 60 + minute, SHANGHAI)


def slots(*starts: datetime) -> tuple[Slot, ...]:
    return tuple(Slot(start, ()) for start in starts)


def test_times_stand_under_the_part_of_the_branchs_day():
    parts = parts_of_day(slots(at(17), at(9), at(12), at(11, 45), at(16, 45)), SHANGHAI)
    assert [(part.name, part.slots) for part in parts] == [
        ("Morning", slots(at(9), at(11, 45))),
        ("Afternoon", slots(at(12), at(16, 45))),
        ("Evening", slots(at(17))),
    ]


def test_a_part_of_the_day_without_times_is_left_out():
    assert [part.name for part in parts_of_day(slots(at(18)), SHANGHAI)] == ["Evening"]
    assert parts_of_day([], SHANGHAI) == []


def test_an_hour_that_comes_twice_is_listed_twice_and_in_order():
    new_york = clock.zone("America/New_York")
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    again = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert parts_of_day(slots(again, first), new_york)[0].slots == slots(first, again)


def test_minutes_are_written_with_24_hours():
    assert [clock_face(minute) for minute in (0, 570, 1259, 1440)] == ["00:00", "09:30", "20:59", "24:00"]


def test_a_note_keeps_lines_emoji_and_scripts_and_loses_control_characters():
    assert clean_note("  first\r\nsecond\rthird\x00\x1b[31m  \n\n") == "first\nsecond\nthird  [31m"
    assert clean_note("👨‍👩‍👧 مرحبا 你好") == "👨‍👩‍👧 مرحبا 你好"


def test_a_name_in_chinese_characters_tells_its_language():
    assert [script_language(name) for name in ("王芳", "欧阳 娜娜", "Trần Linh", "王 Fang", "🦊", "")] == [
        "zh",
        "zh",
        None,
        None,
        None,
        None,
    ]


@dataclass(frozen=True)
class Step:
    minutes: int
    skill_id: UUID | None
    role: str


@pytest.mark.parametrize(("percent", "minutes"), [(100, 90), (150, 115), (50, 70), (130, 105)])
def test_a_slower_hand_takes_longer_where_it_works_and_nowhere_else(percent, minutes):
    """30 minutes of colouring, 35 of waiting, 10 of help, and 15 of colouring again; each up to full five minutes."""
    skill = UUID(int=1)
    steps = [Step(30, skill, "main"), Step(35, None, "main"), Step(10, skill, "help"), Step(15, skill, "main")]
    assert lasts(steps, percent) == minutes
