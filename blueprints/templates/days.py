"""Dates and times in words, as each language writes them. All take local times; clocks have 24 hours everywhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from babel.dates import format_date, get_day_names, get_timezone_name

from shopbell.i18n import babel_locale

SHORT = {"en": "EEE d MMM", "zh-CN": "M月d日(EEE)"}
LONG = {"en": "EEEE, d MMMM y", "zh-CN": "y年M月d日 EEEE", "vi": "EEEE, dd/MM/y"}
VIETNAMESE_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
#: What people at home call their own time; the official name would sound foreign to them.
AT_HOME = {("zh-CN", "Asia/Shanghai"): "北京时间", ("vi", "Asia/Ho_Chi_Minh"): "giờ Việt Nam"}


def short_day(at: datetime, locale: str) -> str:
    """Weekday, day and month: Tue 24 Nov, 11月24日(周二), thứ Ba 24/11."""
    if locale == "vi":
        return f"{VIETNAMESE_DAYS[at.weekday()]} {at:%d/%m}"
    return format_date(at.date(), SHORT[locale], locale=babel_locale(locale))


def long_day(at: datetime, locale: str) -> str:
    """Weekday, day, month and year."""
    return format_date(at.date(), LONG[locale], locale=babel_locale(locale))


def moment(at: datetime, locale: str) -> str:
    """A short day with its time, in the order of the language."""
    day, time = short_day(at, locale), f"{at:%H:%M}"
    return f"{time} {day}" if locale == "vi" else f"{day} {time}"


def spell(first: date, last: date, weekdays: Collection[int], earliest: int, latest: int, locale: str) -> str:
    """The days and hours somebody could come, as one line: Mon 2 Mar – Sun 8 Mar, Mon, Wed, 09:00–12:00."""
    parts = [_days_between(first, last, locale)]
    if len(set(weekdays)) < 7:
        names = get_day_names("abbreviated", locale=babel_locale(locale))
        short = VIETNAMESE_DAYS if locale == "vi" else names
        parts.append(("、" if locale == "zh-CN" else ", ").join(short[weekday] for weekday in sorted(set(weekdays))))
    if (earliest, latest) != (0, 1440):
        parts.append(f"{earliest // 60:02}:{earliest % 60:02}–{latest // 60:02}:{latest % 60:02}")
    return ("，" if locale == "zh-CN" else ", ").join(parts)


def _days_between(first: date, last: date, locale: str) -> str:
    begin, end = (short_day(datetime(day.year, day.month, day.day, tzinfo=UTC), locale) for day in (first, last))
    return begin if first == last else f"{begin} – {end}"


def zone_name(at: datetime, locale: str) -> str:
    """The zone as people call it, with its distance from Greenwich: China Standard Time, GMT+8."""
    at_home = AT_HOME.get((locale, str(at.tzinfo)))
    if at_home:
        return at_home
    name = get_timezone_name(at, width="long", locale=babel_locale(locale))
    if name.startswith(("GMT", "UTC")):
        return _offset(at)
    separator = "，" if locale == "zh-CN" else ", "
    return f"{name}{separator}{_offset(at)}"


def _offset(at: datetime) -> str:
    passed = at.utcoffset()
    minutes = 0 if passed is None else round(passed.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{rest:02}" if rest else "")
