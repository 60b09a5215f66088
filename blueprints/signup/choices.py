"""What can be chosen of a new chain: countries, currencies and time zones, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from babel.numbers import get_territory_currencies
from phonenumbers import SUPPORTED_REGIONS

from shopbell.i18n import babel_locale, current_locale

Options = list[tuple[str, str]]

FIRST_COUNTRIES = ("CN", "VN", "HK", "TW", "SG", "MY", "TH", "JP", "KR", "US")
FIRST_CURRENCIES = ("CNY", "VND", "USD", "HKD", "TWD", "SGD", "MYR", "THB", "JPY", "KRW", "EUR")
FIRST_ZONES = ("Asia/Shanghai", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Bangkok")


@dataclass(frozen=True)
class Usual:
    """What a chain most likely is, by the language of whoever signs up."""

    country: str
    currency: str
    time_zone: str


USUAL = {
    "zh-CN": Usual("CN", "CNY", "Asia/Shanghai"),
    "vi": Usual("VN", "VND", "Asia/Ho_Chi_Minh"),
    "en": Usual("SG", "SGD", "Asia/Singapore"),
}


def usual() -> Usual:
    return USUAL[current_locale()]


def countries() -> Options:
    """Those whose telephone numbers we can read, the most likely first, the others by name."""
    names = babel_locale().territories
    known = {code: names[code] for code in SUPPORTED_REGIONS if code in names}
    return _first(FIRST_COUNTRIES, known, by_name=True)


def currencies() -> Options:
    """Those that are money somewhere today, the most likely first, the others by code."""
    names = babel_locale().currencies
    known = {code: f"{code} · {names.get(code, code)}" for code in _currency_codes()}
    return _first(FIRST_CURRENCIES, known)


def time_zones() -> Options:
    return _first(FIRST_ZONES, {name: name.replace("_", " ") for name in _zone_names()})


def _first(likely: tuple[str, ...], known: dict[str, str], *, by_name: bool = False) -> Options:
    others = sorted(known.keys() - set(likely), key=lambda code: known[code] if by_name else code)
    return [(code, known[code]) for code in (*likely, *others)]


@cache
def _currency_codes() -> frozenset[str]:
    return frozenset(code for country in SUPPORTED_REGIONS for code in get_territory_currencies(country))


@cache
def _zone_names() -> frozenset[str]:
    """The zones of the tz database that stand for a place, without its old names."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text()
    return frozenset(line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#"))
