"""On both days on which clocks change, in every zone that has them: offered hours are opening hours, and bookable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from blueprints.booking import service
from blueprints.booking.queries.free import free_days
from blueprints.booking.rules.timeline import Window, cell_of
from blueprints.booking.values import BookingRequest, CustomerInput
from blueprints.catalog.models import Branch, OpeningHours
from blueprints.staff.models import RosterShift
from shopbell import clock

YEAR = 2026
OPENS, CLOSES = 0, 360
"""Around every change of clocks: midnight to six."""


NAMES = files("tzdata").joinpath("zones").read_text().split()


def changes(zone: ZoneInfo) -> list[date]:
    """The local days of a year on which the offset changes."""
    found, day = [], date(YEAR, 1, 1)
    noon = datetime(YEAR, 1, 1, 12, tzinfo=zone)
    while day.year == YEAR:
        following = noon + timedelta(days=1)
        if following.utcoffset() != noon.utcoffset():
            # The change lies between the two noons: on whichever day has not 24 hours.
            for one in (day, day + timedelta(days=1)):
                first = datetime(one.year, one.month, one.day, tzinfo=zone)
                last = first + timedelta(days=1)
                if last.astimezone(UTC) - first.astimezone(UTC) != timedelta(days=1):
                    found.append(one)
        noon, day = following, day + timedelta(days=1)
    return sorted(set(found))


def behaviour(zone: ZoneInfo, days: list[date]) -> tuple[object, ...]:
    """The offsets of every quarter of an hour around the changes: zones that agree in those are one case."""
    found = []
    for day in days:
        first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
        found.append((day, tuple((first + timedelta(minutes=15 * n)).astimezone(zone).utcoffset() for n in range(200))))
    return tuple(found)


ALL = {name: days for name in NAMES if (days := changes(clock.zone(name)))}
CASES = {behaviour(clock.zone(name), days): (name, days) for name, days in sorted(ALL.items())}
ZONES = dict(sorted(CASES.values()))


def open_starts(zone: ZoneInfo, day: date, minutes: int) -> set[datetime]:
    """Minute by minute: open from the first moment clocks show the opening time or later until they first show the
    closing time or later; starts where the clocks show a quarter and the whole service fits."""
    first = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    opened: list[datetime] = []
    seen_end = False
    at = first - timedelta(hours=2)
    while at < first + timedelta(hours=12):
        local = at.astimezone(zone)
        shown = local.hour * 60 + local.minute
        today = local.date() == day
        seen_end = seen_end or (today and shown >= CLOSES)
        if today and not seen_end:
            opened.append(at)
        at += timedelta(minutes=1)
    known = set(opened)
    starts = set()
    for at in opened:
        local = at.astimezone(zone)
        # Of a time that comes twice the first one is meant, as everybody reads a timetable.
        on_grid = local.minute % 15 == 0 and local.fold == 0
        if on_grid and all(at + timedelta(minutes=n) in known for n in range(minutes)):
            starts.add(at)
    return starts


@pytest.mark.proves("B10")
def test_there_are_such_zones():
    assert len(ALL) > 100
    assert 20 < len(ZONES) < len(ALL)


@pytest.mark.proves("B10")
@pytest.mark.parametrize("name", sorted(ZONES))
def test_what_is_offered_on_days_of_clock_changes_is_what_a_clock_on_the_wall_shows(session, shop, name):
    branch = session.get_one(Branch, shop.branch_id)
    branch.horizon_days, branch.lead_minutes = 3, 0
    session.query(OpeningHours).filter_by(branch_id=shop.branch_id).update({"opens": OPENS, "closes": CLOSES})
    session.query(RosterShift).filter_by(branch_id=shop.branch_id).update({"starts": OPENS, "ends": CLOSES})
    branch.time_zone = name
    session.flush()
    for day in ZONES[name]:
        check_day(session, shop, clock.zone(name), day)


def check_day(session, shop, zone: ZoneInfo, day: date) -> None:
    before = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    with clock.frozen(before):
        (free,) = free_days(session, shop.branch_id, shop.fitting, day, 1)
        shown = [slot.starts_at for slot in free.slots]
        assert set(shown) == open_starts(zone, day, 15), (zone.key, day)
        for starts_at in {shown[0], shown[-1]}:
            with session.begin_nested() as undone:
                request = BookingRequest(shop.branch_id, shop.fitting, starts_at, CustomerInput("A", "13812345678"))
                assert service.reserve(session, request).starts_at == starts_at
                undone.rollback()


@pytest.mark.parametrize("minutes", [15, 25])
def test_the_grid_of_starts_is_every_so_many_minutes_on_the_local_clock(minutes: int) -> None:
    for name, day in ((name, day) for name, days in ZONES.items() for day in days):
        window = Window.of_days(day - timedelta(days=2), 5, clock.zone(name))
        assert window.grid(minutes) == sum({1 << (cell - window.origin) for cell in shown(window, minutes)}), name


def shown(window: Window, minutes: int) -> Iterator[int]:
    for day in window.calendar():
        for minute in range(0, clock.MINUTES_IN_A_DAY, minutes):
            try:
                yield cell_of(clock.at_local(day, minute, window.zone))
            except clock.SkippedLocalTime:
                continue
