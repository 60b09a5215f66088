"""Whether somebody at the door can be checked in, from what they typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

EARLIEST = timedelta(minutes=60)
"""Whoever comes longer before their time has time for a coffee."""
REF = re.compile(r"[2-9A-HJKMNP-Z]{7}")
FEWEST_DIGITS = 4
MOST_DIGITS = 20


@dataclass(frozen=True)
class Said:
    """What was typed: perhaps a reference, perhaps the end of a telephone number; neither when it makes no sense."""

    ref: str | None
    digits: str | None


def read(text: str) -> Said:
    """Spaces, dashes and small letters do not matter."""
    plain = re.sub(r"[\s\-.()/·]", "", text).upper()
    digits = plain.removeprefix("+")
    numeric = digits.isascii() and digits.isdigit() and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
    return Said(plain if REF.fullmatch(plain) else None, digits if numeric else None)


def phone_matches(phone: str, digits: str) -> bool:
    """Whether the number ends so; a trunk zero typed before the national number is no part of it."""
    return phone.endswith(digits) or (digits.startswith("0") and len(digits) > 8 and phone.endswith(digits.lstrip("0")))


class Moment(Enum):
    EARLY = "early"
    NOW = "now"
    LATE = "late"


def moment(starts_at: datetime, grace_minutes: int, now: datetime) -> Moment:
    """Whether somebody may check in by themselves: from an hour before their time until the grace is over."""
    if now < starts_at - EARLIEST:
        return Moment.EARLY
    return Moment.LATE if now > starts_at + timedelta(minutes=grace_minutes) else Moment.NOW
