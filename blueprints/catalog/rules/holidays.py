"""Official calendars: days off, and working days that make up for them.

China's days are those the State Council has published; a year it has not published is unknown, which is not the same
as a year without holidays. Vietnam's holidays follow from its Labour Code and the lunar calendar, so they are known for
any year; which days are swapped for a Saturday, and which side of Tết and of National Day the further days fall on,
is decided every year. Until then only the days that the law itself names count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

import chinese_calendar
import holidays as holiday_calendars

from shopbell.spans import Span
from shopbell.text import N_

CALENDARS = ("", "CN", "VN")
ON_HOLIDAYS = ("usual", "closed", "sunday")
ON_MAKEUP_DAYS = ("usual", "monday")
SUNDAY, MONDAY = 6, 0
NATIONAL_DAY = (9, 2)

Known = Literal["published", "by_law", "unknown"]


@dataclass(frozen=True)
class OfficialDay:
    """A day "off" or a make-up day of "work", and its holiday as a msgid. One that is not `sure` is only likely."""

    day: date
    kind: Literal["off", "work"]
    name: str
    sure: bool = True


@dataclass(frozen=True)
class OfficialYear:
    """What is known of a year: everything ("published"), what the law says ("by_law"), or nothing ("unknown")."""

    year: int
    known: Known
    days: Mapping[date, OfficialDay]


@dataclass(frozen=True)
class HolidayRule:
    """The calendar a branch follows, and its hours on days off and on make-up days."""

    calendar: str = ""
    on_holidays: str = "usual"
    on_makeup_days: str = "usual"


NO_HOLIDAYS = HolidayRule()

_NAMES = {
    "New Year's Day": N_("New Year's Day"),
    "Spring Festival": N_("Spring Festival"),
    "Tomb-sweeping Day": N_("Qingming"),
    "Labour Day": N_("Labour Day"),
    "Dragon Boat Festival": N_("Dragon Boat Festival"),
    "National Day": N_("National Day"),
    "Mid-autumn Festival": N_("Mid-Autumn Festival"),
    "Hung Kings' Commemoration Day": N_("Hung Kings' Day"),
    "Liberation Day/Reunification Day": N_("Reunification Day"),
    "International Labor Day": N_("Labour Day"),
    "Vietnam Cultural Day": N_("Vietnam Culture Day"),
}
_TET, _SWAPPED = N_("Tết"), N_("Swapped day")


def spans_by_rule(day: date, weekly: Mapping[int, Sequence[Span]], rule: HolidayRule) -> Sequence[Span]:
    """The hours of a day that has none of its own."""
    official = official_day(rule.calendar, day)
    if official is None or not official.sure:
        return weekly.get(day.weekday(), ())
    if official.kind == "work":
        return weekly.get(MONDAY if rule.on_makeup_days == "monday" else day.weekday(), ())
    if rule.on_holidays == "closed":
        return ()
    return weekly.get(SUNDAY if rule.on_holidays == "sunday" else day.weekday(), ())


def official_day(calendar: str, day: date) -> OfficialDay | None:
    """What the calendar says of the day; None for an ordinary one, and for one of which nothing is known."""
    return official_year(calendar, day.year).days.get(day) if calendar else None


def official_days(calendar: str, first_day: date, last_day: date) -> list[OfficialDay]:
    """The official days from the first to the last day, in order."""
    years = [official_year(calendar, year) for year in range(first_day.year, last_day.year + 1)] if calendar else []
    found = (official for year in years for official in year.days.values())
    return sorted((one for one in found if first_day <= one.day <= last_day), key=lambda one: one.day)


@cache
def official_year(calendar: str, year: int) -> OfficialYear:
    """A year of "CN" or "VN". Raises KeyError for another calendar."""
    return {"CN": _china, "VN": _vietnam}[calendar](year)


def _china(year: int) -> OfficialYear:
    # A year's announcement may already hold the last days of the year before, or of its own only the first: the
    # Spring Festival is what shows that it is there.
    off, work = chinese_calendar.holidays, chinese_calendar.workdays
    if not any(day.year == year and name == "Spring Festival" for day, name in off.items()):
        return OfficialYear(year, "unknown", {})
    days = [OfficialDay(day, "off", _name(name)) for day, name in off.items() if day.year == year]
    days += [OfficialDay(day, "work", _name(name)) for day, name in work.items() if day.year == year]
    return OfficialYear(year, "published", {one.day: one for one in days})


def _vietnam(year: int) -> OfficialYear:
    likely: Any = holiday_calendars.country_holidays("VN", years=year, language="en_US")
    by_law = holiday_calendars.country_holidays("VN", years=year, language="en_US", observed=False)
    published = year <= max(likely.special_public_holidays)
    days = [
        OfficialDay(day, "off", _name(name), published or (day in by_law and _named_by_law(day, name)))
        for day, name in likely.items()
    ]
    days += [OfficialDay(day, "work", _SWAPPED) for day in likely.weekend_workdays if day.year == year]
    return OfficialYear(year, "published" if published else "by_law", {one.day: one for one in days})


def _named_by_law(day: date, name: str) -> bool:
    """The law gives two days for National Day and leaves it to the year on which side the second one falls."""
    return name != "National Day" or (day.month, day.day) == NATIONAL_DAY


def _name(name: str) -> str:
    plain = re.sub(r" \((?:observed|estimated).*\)$", "", name)
    if "Lunar New Year" in plain:
        return _TET
    return _SWAPPED if plain.startswith("Day off") else _NAMES.get(plain, plain)
