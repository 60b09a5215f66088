"""Money: whole numbers of the currency's smallest unit (fen for CNY, dong for VND), written for people by Babel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, is_currency

from shopbell.text import N_

# Thousands of millions of millions: more is a slip of the hand, and PostgreSQL's bigint ends not far above.
_LARGEST_MINOR = 10**15

_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?")


class BadAmount(ValueError):
    """Not an amount of this currency. `message_id % {"example": example}` is the sentence in any language."""

    def __init__(self, currency: str) -> None:
        self.message_id = N_("Write the amount like %(example)s.")
        self.example = major_text(12 * 10 ** minor_digits(currency), currency)
        super().__init__(self.message_id % {"example": self.example})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of an ISO 4217 currency. Raises ValueError for an unknown currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        minor_digits(self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._minor_of(other), self.currency)

    def _minor_of(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")
        return other.minor


@lru_cache(maxsize=4096)
def format_money(minor: int, currency: str, locale: str) -> str:
    """The amount as readers of the locale ("zh-CN", "vi", "en") write it, with the currency's own decimals."""
    return str(format_currency(_major(minor, currency), currency, locale=_locale(locale)))


def minor_digits(currency: str) -> int:
    """Decimals of the currency: 2 for CNY, 0 for VND. Raises ValueError for a code that is no currency."""
    if not is_currency(currency):
        raise ValueError(f"“{currency}” is not a currency.")
    return int(get_currency_precision(currency))


def in_minor(micros: int, currency: str) -> int:
    """Minor units of an amount in millionths of the currency's unit, rounded half up."""
    whole: int = 10 ** (6 - minor_digits(currency))
    return (micros + whole // 2) // whole


def major_text(minor: int, currency: str) -> str:
    """The plain number for a form field: "120.50" for 12050 fen, "150000" for as many dong."""
    return f"{_major(minor, currency):f}"


def parse_major(text: str, currency: str) -> int:
    """Minor units of a plain number such as "120.5", with no grouping. Raises BadAmount for anything else."""
    digits = minor_digits(currency)
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or len(found[2] or "") > digits or len(found[1]) > len(str(_LARGEST_MINOR)):
        raise BadAmount(currency)
    minor = int(found[1] + (found[2] or "").ljust(digits, "0"))
    if minor > _LARGEST_MINOR:
        raise BadAmount(currency)
    return minor


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-minor_digits(currency))


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    return Locale.parse(code.replace("-", "_"))
