"""Pure rules on opening hours, official holidays and short names.

A span is (opens, closes) in minutes of the local day, 0 to 1440.
"""

from blueprints.catalog.rules.holidays import (
    CALENDARS,
    NO_HOLIDAYS,
    ON_HOLIDAYS,
    ON_MAKEUP_DAYS,
    HolidayRule,
    OfficialDay,
    OfficialYear,
    official_day,
    official_days,
    official_year,
)
from blueprints.catalog.rules.hours import State, open_on, slug_from, state
from blueprints.catalog.rules.written import NotUnderstood, Understood, understand

__all__ = [
    "CALENDARS",
    "NO_HOLIDAYS",
    "ON_HOLIDAYS",
    "ON_MAKEUP_DAYS",
    "HolidayRule",
    "NotUnderstood",
    "OfficialDay",
    "OfficialYear",
    "State",
    "Understood",
    "official_day",
    "official_days",
    "official_year",
    "open_on",
    "slug_from",
    "state",
    "understand",
]
