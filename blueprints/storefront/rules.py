"""Pure rules of the booking pages: days to show, times grouped for the eye, what may be typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, TypeVar
from unicodedata import category
from zoneinfo import ZoneInfo

from shopbell.clock import local_minutes
from shopbell.text import N_

DAYS_SHOWN = 14
NOON = 12 * 60
EVENING = 17 * 60
LONGEST_NOTE = 500
LONGEST_NAME = 120
MAIN = "main"
GRID_MINUTES = 5

# Controls and halves of surrogate pairs. Joiners stay: emoji families are spelled with them.
_UNWANTED = frozenset({"Cc", "Cs"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PARTS = ((0, NOON, N_("Morning")), (NOON, EVENING, N_("Afternoon")), (EVENING, 24 * 60, N_("Evening")))


class Start(Protocol):
    """A possible time."""

    @property
    def starts_at(self) -> datetime: ...


class Step(Protocol):
    """A step of a service, as far as its length is concerned."""

    @property
    def minutes(self) -> int: ...
    @property
    def skill_id(self) -> object: ...
    @property
    def role(self) -> str: ...


Slot = TypeVar("Slot", bound=Start)


@dataclass(frozen=True)
class PartOfDay(Generic[Slot]):
    """Times of one part of a day. `name` is a message to be translated."""

    name: str
    slots: tuple[Slot, ...]


def read_day(text: str) -> date:
    """The day written as 2026-11-23. Raises ValueError for every other spelling and for days that do not exist."""
    if not _DAY.fullmatch(text):
        raise ValueError("A day is written like 2026-11-23.")
    return date.fromisoformat(text)


def window(today: date, day: date, last_day: date) -> tuple[date, int]:
    """The first day and the number of days of the strip that shows `day`: strips of 14 days, beginning today."""
    first = today + timedelta(days=(day - today).days // DAYS_SHOWN * DAYS_SHOWN)
    return first, min(DAYS_SHOWN, (last_day - first).days + 1)


def parts_of_day(slots: Iterable[Slot], zone: ZoneInfo) -> list[PartOfDay[Slot]]:
    """The times under morning, afternoon and evening of the branch's clock, in order; empty parts are left out."""
    timed = [(local_minutes(slot.starts_at, zone)[1], slot) for slot in slots]
    timed.sort(key=lambda one: (one[0], one[1].starts_at))
    parts = []
    for begin, end, name in _PARTS:
        found = tuple(slot for minute, slot in timed if begin <= minute < end)
        if found:
            parts.append(PartOfDay(name, found))
    return parts


def lasts(steps: Iterable[Step], percent: int) -> int:
    """Minutes from the first step to the last, when what the main role does takes this share of the usual time."""
    total = 0
    for step in steps:
        share = percent if step.skill_id and step.role == MAIN else 100
        total += -(-step.minutes * share // (100 * GRID_MINUTES)) * GRID_MINUTES
    return total


def clock_face(minute: int) -> str:
    """ "09:30" for 570; the end of the day is "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def clean_note(text: str) -> str:
    """The note with plain line ends and without control characters, which no database column and no screen wants."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = [
        "".join(letter if category(letter) not in _UNWANTED else " " for letter in line).rstrip() for line in lines
    ]
    return "\n".join(plain).strip()


def script_language(name: str) -> str | None:
    """ "zh" for a name written in Chinese characters only; what other names are spoken in their letters do not tell."""
    letters = [letter for letter in name if letter.isalpha()]
    return "zh" if letters and all("\u3400" <= letter <= "\u9fff" for letter in letters) else None
