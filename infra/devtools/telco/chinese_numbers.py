"""How the Chinese providers read and write numbers and the time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
_DOMESTIC = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")
_FOREIGN = re.compile(r"(?:\+|00)?([1-9][0-9]{6,14})")


def e164(text: str) -> str:
    """A number as a customer may write it: domestic ones with or without 86, others with their country. Or nothing."""
    domestic = _DOMESTIC.fullmatch(text)
    if domestic:
        return f"+86{domestic[1]}"
    foreign = _FOREIGN.fullmatch(text)
    return f"+{foreign[1]}" if foreign and not text.startswith(("86", "+86", "0086")) else ""


def national(number: str) -> str:
    """A domestic number without its country, a foreign one with it and without the plus."""
    return number.removeprefix("+86") if number.startswith("+86") else number.removeprefix("+")


def china_time(moment: str) -> str:
    """An instant as both write it: China's time, without saying so."""
    return datetime.fromisoformat(moment).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
