"""Which answer comes first, and which place was meant. Pure.

"Best" weighs the way against the wait by one rule that fits into a sentence: ten minutes more on the way count like an
hour later. "Soonest" goes by the start and "nearest" by the way; ties are broken by the other, then by the chain's own
order of branches, so that the same question always gets the same answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

Position = tuple[float, float]
"""Latitude and longitude in degrees."""

ORDERS = ("best", "soonest", "nearest")
TRAVEL_WEIGHT = 6
"""A minute on the way weighs like so many minutes of waiting: ten minutes like an hour."""

EXACT, BEGINS, CONTAINS, IN_ADDRESS = range(4)
"""How well a name fits what was typed, best first."""

LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Trip:
    """A possible start somewhere; `minutes` on the way there, 0 when nobody said where they are."""

    starts_at: datetime
    minutes: int
    position: int
    """Of the branch in the chain's own order."""


def weight(trip: Trip, order: str, since: datetime) -> tuple[float, float, int]:
    """What to sort by, smallest first."""
    wait = max(0.0, (trip.starts_at - since).total_seconds() / 60)
    if order == "soonest":
        return wait, trip.minutes, trip.position
    if order == "nearest":
        return trip.minutes, wait, trip.position
    return wait + TRAVEL_WEIGHT * trip.minutes, wait, trip.position


def plain(text: str) -> str:
    """A name without what people leave out when they type: marks, case, spaces, punctuation ("Đà Nẵng" is "danang")."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return LETTERS.sub("", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def how_well(typed: str, names: Iterable[str], addresses: Iterable[str] = ()) -> int | None:
    """How well somebody's typing names a thing: EXACT, BEGINS, CONTAINS, IN_ADDRESS; None when it does not.

    A name within what was typed counts too: "near Xintiandi" means Xintiandi.
    """
    wanted = plain(typed)
    if not wanted:
        return None
    found = [name for name in map(plain, names) if name]
    if wanted in found:
        return EXACT
    if any(name.startswith(wanted) for name in found):
        return BEGINS
    if any(wanted in name or (len(name) > 1 and name in wanted) for name in found):
        return CONTAINS
    if len(wanted) > 1 and any(wanted in plain(address) for address in addresses):
        return IN_ADDRESS
    return None


def read_position(text: str) -> Position | None:
    """ "31.23, 121.47" as degrees; None for anything else."""
    parts = text.replace("\uff0c", ",").split(",")
    if len(parts) != 2:
        return None
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def all_texts(texts: Mapping[str, str] | None) -> list[str]:
    return list((texts or {}).values())
