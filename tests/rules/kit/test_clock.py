"""Wall times, instants and zones."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell import clock

SHANGHAI = clock.zone("Asia/Shanghai")
BERLIN = clock.zone("Europe/Berlin")
HALF_HOUR_SHIFT = clock.zone("Australia/Lord_Howe")
SKIPS_MIDNIGHT = clock.zone("America/Santiago")
NAIVE = datetime.fromisoformat("2026-03-01T09:00")
ZONES = [
    "Asia/Shanghai",
    "Asia/Ho_Chi_Minh",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
]


def wall_times(first_year: int, last_year: int) -> st.SearchStrategy[datetime]:
    return st.datetimes(NAIVE.replace(year=first_year), NAIVE.replace(year=last_year))


def test_now_is_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_and_runs_again_afterwards() -> None:
    at = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=8)))
    with clock.frozen(at):
        assert clock.now() == datetime(2026, 3, 1, 1, tzinfo=UTC)
        with clock.frozen(at + timedelta(hours=1)):
            assert clock.now() == datetime(2026, 3, 1, 2, tzinfo=UTC)
        assert clock.now() == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert clock.now() != at


def test_a_clock_is_not_frozen_at_a_time_without_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"), clock.frozen(NAIVE):
        pass


def test_a_wall_time_becomes_an_instant() -> None:
    assert clock.at_local(date(2026, 11, 2), 9 * 60 + 30, SHANGHAI) == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


def test_minute_1440_is_midnight_at_the_end_of_the_day() -> None:
    assert clock.at_local(date(2026, 11, 2), 1440, SHANGHAI) == clock.at_local(date(2026, 11, 3), 0, SHANGHAI)


@pytest.mark.parametrize("minute", [-1, 1441])
def test_a_minute_outside_the_day_is_refused(minute: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 1440"):
        clock.at_local(date(2026, 11, 2), minute, SHANGHAI)


def test_a_time_the_clocks_skip_is_refused_and_its_neighbours_are_not() -> None:
    spring = date(2027, 3, 28)
    with pytest.raises(clock.SkippedLocalTime, match=r"2027-03-28 02:30 does not exist in Europe/Berlin") as refused:
        clock.at_local(spring, 150, BERLIN)
    assert (refused.value.day, refused.value.minute_of_day) == (spring, 150)
    with pytest.raises(clock.SkippedLocalTime):
        clock.at_local(spring, 120, BERLIN)
    assert clock.at_local(spring, 180, BERLIN) - clock.at_local(spring, 119, BERLIN) == timedelta(minutes=1)


def test_a_skipped_half_hour_is_noticed() -> None:
    with pytest.raises(clock.SkippedLocalTime):
        clock.at_local(date(2026, 10, 4), 135, HALF_HOUR_SHIFT)


def test_a_midnight_the_clocks_skip_is_refused_from_both_sides() -> None:
    with pytest.raises(clock.SkippedLocalTime):
        clock.at_local(date(2026, 9, 6), 0, SKIPS_MIDNIGHT)
    with pytest.raises(clock.SkippedLocalTime):
        clock.at_local(date(2026, 9, 5), 1440, SKIPS_MIDNIGHT)


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    assert clock.at_local(date(2026, 10, 25), 150, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(wall_times(1990, 2060), st.sampled_from(ZONES))
def test_reading_a_clock_and_setting_it_meet_again(naive: datetime, name: str) -> None:
    instant = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    zone = clock.zone(name)
    day, minute = clock.local_minutes(instant, zone)
    back = clock.at_local(day, minute, zone)
    # Equal, or the earlier of two instants that show the same time.
    assert back <= instant
    assert clock.local_minutes(back, zone) == (day, minute)
    assert instant - back <= timedelta(hours=1)


def test_local_minutes_need_an_instant_with_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        clock.local_minutes(NAIVE, BERLIN)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01T09:30:00+08:00", datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),
        ("2026-03-01t01:30:00z", datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),
        ("2026-02-28T20:00:00.25-05:30", datetime(2026, 3, 1, 1, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-01T01:30:00.123456789Z", datetime(2026, 3, 1, 1, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-03-01T01:30:00-00:00", datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_rfc_3339_time_is_read(text: str, instant: datetime) -> None:
    read = clock.parse_instant(text)
    assert read == instant
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-01",
        "2026-03-01T09:30",
        "2026-03-01T09:30:00",
        "20260301T093000Z",
        "2026-03-01 09:30:00Z",
        "2026-03-01T09:30:00+0800",
        "2026-03-01T09:30:00+08",
        "2026-03-01T09:30:00,5Z",
        "２０２６-03-01T09:30:00Z",
        "2026-03-01T09:30:00Z\n",
        "1772357400",
        "now",
    ],
)
def test_anything_but_rfc_3339_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write the time like 2026-03-01T09:30:00\+08:00"):
        clock.parse_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T10:00:60Z",
        "2026-03-01T10:00:00+24:00",
        "2026-03-01T10:00:00+08:60",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:00:00-08:00",
    ],
)
def test_a_time_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="There is no such date or time"):
        clock.parse_instant(text)


@given(wall_times(1000, 9000), st.integers(-23 * 60, 23 * 60))
def test_what_python_writes_is_read_back(naive: datetime, offset: int) -> None:
    instant = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert clock.parse_instant(instant.isoformat()) == instant


def test_a_zone_keeps_its_name_and_is_loaded_once() -> None:
    assert clock.zone("Asia/Shanghai").key == "Asia/Shanghai"
    assert clock.zone("Asia/Shanghai") is clock.zone("Asia/Shanghai")
    assert clock.zone("America/Argentina/Ushuaia").key == "America/Argentina/Ushuaia"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "../../../etc/passwd",
        "/etc/localtime",
        "Asia",
        "zone.tab",
        "tzdata.zi",
        "__init__.py",
        "Asia/__init__",
        "Asia/Shanghai/",
        "Asia\\Shanghai",
        "Asia/Shanghai\x00",
        "亚洲/上海",
    ],
)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(clock.UnknownZone, match="zone"):
        clock.zone(name)


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("America/Vancouver", date(2026, 12, 15), -7),
        ("America/Edmonton", date(2026, 12, 15), -6),
        ("Africa/Casablanca", date(2026, 12, 15), 0),
        ("Asia/Shanghai", date(1988, 7, 20), 9),
        ("Asia/Saigon", date(2026, 12, 15), 7),
    ],
)
def test_zones_follow_the_installed_database_not_the_system(name: str, day: date, hours: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert clock.at_local(day, 720, clock.zone(name)) == midnight + timedelta(hours=12 - hours)


class Answers:
    """A connection that answers the offset query: every zone as Python has it, but for the given exceptions."""

    def __init__(self, exceptions: dict[str, int | None]) -> None:
        self.exceptions = exceptions
        self.statements: list[str] = []

    def execute(self, statement: str, parameters: dict[str, Any]) -> "Answers":
        self.statements.append(statement)
        self.rows = [
            (name, number, self.exceptions.get(name, self.seconds(instant, clock.zone(name))))
            for name in parameters["names"]
            for number, instant in enumerate(parameters["instants"], 1)
        ]
        return self

    @staticmethod
    def seconds(instant: datetime, zone: ZoneInfo) -> int:
        offset = instant.astimezone(zone).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    def fetchall(self) -> Sequence[tuple[str, int, int | None]]:
        return self.rows


def test_zones_that_agree_with_postgresql_are_not_listed() -> None:
    answers: Any = Answers({})
    assert clock.zones_that_disagree(answers, ZONES) == []
    assert len(answers.statements) == 1


def test_a_zone_postgresql_has_otherwise_or_not_at_all_is_listed_once() -> None:
    answers: Any = Answers({"Asia/Shanghai": 9 * 3600, "Asia/Kathmandu": None})
    with clock.frozen(datetime(2026, 11, 21, tzinfo=UTC)):
        kathmandu, shanghai = clock.zones_that_disagree(answers, [*ZONES, "Asia/Shanghai"])
    assert shanghai == ("Asia/Shanghai", datetime(2026, 11, 21, tzinfo=UTC), timedelta(hours=8), timedelta(hours=9))
    assert kathmandu.zone == "Asia/Kathmandu"
    assert kathmandu.postgres_offset is None


def test_a_change_of_rules_later_in_the_year_is_found() -> None:
    answers: Any = Answers({"Europe/Berlin": 3600})
    with clock.frozen(datetime(2026, 11, 21, tzinfo=UTC)):
        (berlin,) = clock.zones_that_disagree(answers, ["Europe/Berlin"])
    assert berlin.instant > datetime(2027, 3, 28, tzinfo=UTC)
    assert berlin.python_offset == timedelta(hours=2)
