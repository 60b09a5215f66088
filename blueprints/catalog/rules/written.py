"""Opening hours written as OpenStreetMap does: `Mo-Fr 09:00-18:00; Sa 10:00-14:00; PH off; Dec 24 09:00-12:00`.

What is written becomes weekly hours, a rule for official holidays, and days with hours of their own. The grammar is the
opening-hours library's; what our hours have no place for (sunset, school holidays, comments) is refused by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from blueprints.catalog.rules.holidays import HolidayRule, official_day, spans_by_rule
from shopbell.spans import WHOLE_DAY, Span, merged
from shopbell.text import N_

LONGEST = 1000
_PH = re.compile(r"\bPH\b", re.IGNORECASE)
_ASCII = str.maketrans({"–": "-", "—": "-", "－": "-", "~": "-", "：": ":", "；": ";", "，": ",", "\u3000": " "})
_NO_PLACE = (
    (re.compile(r'"'), N_("Comments cannot be kept with hours: leave them out.")),
    (re.compile(r"\|\|"), N_("A second choice of hours (“||”) cannot be kept: write one rule for each day.")),
    (re.compile(r"\bSH\b", re.IGNORECASE), N_("School holidays are not known here: name the days instead.")),
    (re.compile(r"sunrise|sunset|dawn|dusk", re.IGNORECASE), N_("Write times of the clock instead of the sun's.")),
    (re.compile(r"\d\s*\+(?!\s*\d)"), N_("Say when it closes: an open end (“+”) cannot be booked.")),
    (re.compile(r":\d\d\s*/"), N_("Write opening and closing times: single moments cannot be booked.")),
    (re.compile(r"\bunknown\b", re.IGNORECASE), N_("Say open or off: “unknown” cannot be booked.")),
    (re.compile(r"\bPH\s*[+-]\s*\d", re.IGNORECASE), N_("Days before or after a holiday: name the dates instead.")),
)
_NEEDS_CALENDAR = N_("PH means official holidays: choose an official calendar for this branch first.")
_OVERNIGHT = re.compile(r"(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)")
_LOST_HOURS = N_(
    "The next day has hours of its own, so those after midnight would be lost: write them there too, for example "
    "Fr 19:00-24:00; Sa 00:00-01:00,10:00-14:00."
)
_UNREADABLE = N_("This part cannot be read. Write it like Mo-Fr 09:00-18:00; Sa 10:00-14:00; PH off.")

Days = dict[date, list[Span]]


class NotUnderstood(ValueError):
    """The text cannot become opening hours: because of this `part`, for the reason of the `message` (a msgid)."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(f"{part}: {message}")
        self.part = part
        self.message = message


@dataclass(frozen=True)
class Understood:
    """What a text says: the hours of each weekday, and of the days that differ from them.

    `on_holidays` is None when the text does not speak of official holidays. `past_midnight` when a time runs on into
    the next day, whose early hours it became. The days lie between `first_day` and `last_day`.
    """

    weekly: dict[int, list[Span]]
    exceptions: Days
    on_holidays: str | None
    past_midnight: bool
    first_day: date
    last_day: date


def understand(
    text: str, first_day: date, days: int, rule: HolidayRule, weekly: Mapping[int, list[Span]] | None = None
) -> Understood:
    """Read the text for so many days from the first on, at a branch with this rule.

    With `weekly` the days are told that differ from these hours; otherwise the weekly hours are found too.
    Raises NotUnderstood.
    """
    tidy = "; ".join(line.strip(" ;") for line in text.translate(_ASCII).splitlines() if line.strip(" ;"))
    speaks_of_holidays = _refuse_what_has_no_place(tidy, rule.calendar)
    usual = _spans(tidy, first_day, days)
    _refuse_lost_hours(tidy, usual)
    # PH names days of a calendar the library does not have: on those days, every rule for PH is one for each weekday.
    on_holiday = _holiday_spans(tidy, first_day, days) if speaks_of_holidays else usual
    weekly = _weekly(usual) if weekly is None else weekly
    choice = _holiday_choice(on_holiday, weekly) if speaks_of_holidays else None
    chosen = HolidayRule(rule.calendar, choice or rule.on_holidays, rule.on_makeup_days)
    exceptions: Days = {}
    for day, written in usual.items():
        official = official_day(rule.calendar, day)
        is_off = speaks_of_holidays and official is not None and official.sure and official.kind == "off"
        # Nothing is written about make-up days, and about holidays only with PH: there the branch's own rule stays,
        # unless the text names the date itself.
        is_dated = written != weekly.get(day.weekday(), [])
        wanted = on_holiday[day] if is_off else written
        if is_dated or (is_off and wanted != merged(spans_by_rule(day, weekly, chosen))):
            exceptions[day] = wanted
    last_day = first_day + timedelta(days=days - 1)
    return Understood(dict(weekly), exceptions, choice, _past_midnight(usual), first_day, last_day)


def _refuse_what_has_no_place(text: str, calendar: str) -> bool:
    """Whether the text speaks of official holidays. Raises NotUnderstood."""
    if not text or len(text) > LONGEST:
        raise NotUnderstood(text[:40], _UNREADABLE)
    for pattern, message in _NO_PLACE:
        found = pattern.search(text)
        if found:
            raise NotUnderstood(_part(text, found.start()), message)
    found = _PH.search(text)
    if found and not calendar:
        raise NotUnderstood(_part(text, found.start()), _NEEDS_CALENDAR)
    return found is not None


def _spans(text: str, first_day: date, days: int) -> Days:
    try:
        hours = OpeningHours(text, auto_country=False, auto_timezone=False)
    except (ParserError, UnicodeEncodeError) as error:
        where = re.search(r"--> 1:(\d+)", str(error))
        raise NotUnderstood(_part(text, int(where[1]) - 1 if where else 0), _UNREADABLE) from None
    found: Days = {first_day + timedelta(days=number): [] for number in range(days)}
    start = datetime.combine(first_day, time.min)
    end = start + timedelta(days=days)
    for opens, closes, state, _comment in hours.intervals(start, end):
        if state == State.OPEN:
            _add(found, max(opens, start), min(closes or end, end))
    return {day: merged(spans) for day, spans in found.items()}


def _holiday_spans(text: str, first_day: date, days: int) -> Days:
    try:
        return _spans(_PH.sub("Mo-Su", text), first_day, days)
    except NotUnderstood as error:
        found = _PH.search(text)
        raise NotUnderstood(_part(text, found.start() if found else 0), error.message) from None


def _refuse_lost_hours(text: str, usual: Days) -> None:
    """Raises NotUnderstood when a time runs past midnight into a day whose own rule takes its place."""
    found = next((found for found in _OVERNIGHT.finditer(text) if _is_overnight(*found.groups())), None)
    for day, spans in usual.items() if found else ():
        following = usual.get(day + timedelta(days=1), [WHOLE_DAY])
        if found and spans and spans[-1][1] == WHOLE_DAY[1] and (not following or following[0][0] != 0):
            raise NotUnderstood(_part(text, found.start()), _LOST_HOURS)


def _is_overnight(opens: str, closes: str) -> bool:
    minutes = [int(hour) * 60 + int(minute) for hour, minute in (opens.split(":"), closes.split(":"))]
    return minutes[1] <= minutes[0] or minutes[1] > WHOLE_DAY[1]


def _add(found: Days, opens: datetime, closes: datetime) -> None:
    """Give each day its part of a time that may run over midnight."""
    while opens < closes:
        midnight = datetime.combine(opens.date() + timedelta(days=1), time.min)
        until = min(closes, midnight)
        day_start = datetime.combine(opens.date(), time.min)
        span = (int((opens - day_start).total_seconds()) // 60, int((until - day_start).total_seconds()) // 60)
        found[opens.date()].append(span)
        opens = until


def _weekly(usual: Days) -> dict[int, list[Span]]:
    """The hours that each weekday mostly has."""
    seen: dict[int, Counter[tuple[Span, ...]]] = {weekday: Counter() for weekday in range(7)}
    for day, spans in usual.items():
        seen[day.weekday()][tuple(spans)] += 1
    most = {weekday: list(counter.most_common(1)[0][0]) for weekday, counter in seen.items() if counter}
    return {weekday: spans for weekday, spans in most.items() if spans}


def _holiday_choice(on_holiday: Days, weekly: Mapping[int, list[Span]]) -> str:
    """The rule that says most of what is written for holidays; days it does not fit become exceptions."""

    def misses(choice: str) -> int:
        weekdays = {"closed": None, "sunday": 6}
        said = ((weekdays.get(choice, day.weekday()), spans) for day, spans in on_holiday.items())
        return sum(spans != ([] if weekday is None else weekly.get(weekday, [])) for weekday, spans in said)

    return min(("closed", "usual", "sunday"), key=misses)


def _past_midnight(usual: Days) -> bool:
    for day, spans in usual.items():
        following = usual.get(day + timedelta(days=1), [])
        if spans and following and spans[-1][1] == WHOLE_DAY[1] and following[0][0] == 0:
            return spans[-1] != WHOLE_DAY and following[0] != WHOLE_DAY
    return False


def _part(text: str, at: int) -> str:
    """The rule of the text in which the position lies."""
    start = text.rfind(";", 0, at) + 1
    end = text.find(";", at)
    return text[start : end if end >= 0 else None].strip() or text[at : at + 20]
