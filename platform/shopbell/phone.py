"""Phone numbers: what people type becomes E.164, or a sentence that shows how to write one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from shopbell.text import N_

# Longer than any number with all its punctuation; the library need not look at more.
_LONGEST_INPUT = 40

_PUNCTUATION = frozenset(" -.()/")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc")

# Operators open new mobile ranges before the library's tables learn of them; these shapes are certain.
_MOBILE_SHAPES = {"CN": re.compile(r"1[3-9][0-9]{9}"), "VN": re.compile(r"[35789][0-9]{8}")}

_MISSING = N_("Enter a phone number, for example %(example)s.")
_LETTERS = N_("A phone number has digits only, for example %(example)s.")
_WRONG = N_("This is not a phone number we can reach. Write it like %(example)s.")


class BadPhone(ValueError):
    """Not a phone number. `str(error)` is the English sentence; `message_id % {"example": example}` in any language."""

    def __init__(self, message_id: str, country: str) -> None:
        self.message_id = message_id
        self.example = example(country)
        super().__init__(message_id % {"example": self.example})


def normalise(text: str, country: str) -> str:
    """The number in E.164 ("+8613123456789"). `country` (ISO 3166, "CN") is meant when the number names none.

    Digits of any script and width are read. Raises BadPhone; ValueError for a country that has no numbers.
    """
    _calling_code(country)
    written = _plain(text)
    if not written.strip():
        raise BadPhone(_MISSING, country)
    if any(character.isalpha() for character in written):
        raise BadPhone(_LETTERS, country)
    if len(written) > _LONGEST_INPUT or any(not (c in _PUNCTUATION or c == "+" or c.isdigit()) for c in written):
        raise BadPhone(_WRONG, country)
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        raise BadPhone(_WRONG, country) from None
    if not (phonenumbers.is_valid_number(number) or _is_mobile_in_shape(number)):
        raise BadPhone(_WRONG, country)
    return _written(number, PhoneNumberFormat.E164)


# A day's board shows the same hundred numbers to every device, and the library takes a sixth of a millisecond for each.
@lru_cache(maxsize=8192)
def display(e164: str, country: str) -> str:
    """The stored number as people in `country` write it: without the calling code when it is their own."""
    number = _stored(e164)
    if number is None:
        return e164
    at_home = number.country_code == _calling_code(country)
    return _written(number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)


def masked(e164: str) -> str:
    """Enough to recognise one's own number, too little to call it: "+86 •••••••6789"."""
    number = _stored(e164)
    prefix, digits = ("", e164) if number is None else (f"+{number.country_code} ", str(number.national_number))
    hidden = len(digits) - (4 if len(digits) >= 9 else 2 if len(digits) >= 5 else 0)
    return f"{prefix}{'•' * hidden}{digits[hidden:]}"


def example(country: str) -> str:
    """A mobile number of the country as it is written there."""
    _calling_code(country)
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    number = number or phonenumbers.example_number(country)
    return _written(number, PhoneNumberFormat.NATIONAL) if number else ""


def country(e164: str) -> str:
    """The country (ISO 3166) that a stored number's calling code belongs to, the main one of several; "" for none."""
    for length in (1, 2, 3):
        code = e164[1 : 1 + length]
        # No calling code begins with another one.
        if code.isdigit() and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            found = phonenumbers.region_code_for_country_code(int(code))
            return found if found.isalpha() else ""
    return ""


@lru_cache(maxsize=1024)
def zones(e164: str) -> tuple[str, ...]:
    """The time zones in which somebody with this number may be."""
    number = _stored(e164)
    found = time_zones_for_number(number) if number else ()
    return tuple(name for name in found if name != UNKNOWN_TIMEZONE)


def _plain(text: str) -> str:
    """ASCII digits and punctuation for whatever width or script they were typed in; invisible marks gone."""
    plain = []
    for character in unicodedata.normalize("NFKC", text):
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            plain.append(str(digit))
        elif character in _DASHES:
            plain.append("-")
        elif character.isspace():
            plain.append(" ")
        elif unicodedata.category(character) != "Cf":
            # Format characters come along when a number is copied from an address book.
            plain.append(character)
    return "".join(plain)


def _is_mobile_in_shape(number: PhoneNumber) -> bool:
    shape = _MOBILE_SHAPES.get(phonenumbers.region_code_for_country_code(number.country_code or 0))
    national = phonenumbers.national_significant_number(number)
    return shape is not None and shape.fullmatch(national) is not None


def _calling_code(country: str) -> int:
    code = phonenumbers.country_code_for_region(country)
    if not code:
        raise ValueError(f"“{country}” is not a country with phone numbers.")
    return code


def _stored(e164: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return None


def _written(number: PhoneNumber, style: int) -> str:
    return phonenumbers.format_number(number, style)
