"""Days and people with room enough, so that no journey depends on what the demonstration or another one has booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

from tests.journeys.caller import Caller

CHAIN, BRANCH, SERVICE = "lumi", "shanghai", "quick-refraction"
SOONEST, DAYS = 3, 31
WEEKEND = (5, 6)
"""Busy hours with rules of their own: a journey is to be the same on every day it is run."""
APART = 60
"""Minutes between two spots: the appointment, and half an hour by which it is moved and made longer."""
SPOTS = 5
"""As many as a journey needs at most."""


@dataclass(frozen=True)
class Quiet:
    """The first of the days, who works then, and starts (minutes of the day) at which each of them is free on each of
    the days; a quarter of an hour before each and half an hour after are free, too: it is moved and made longer."""

    day: date
    people: tuple[str, ...]
    spots: tuple[int, ...]


class QuietTimes:
    """Gives out every day once."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.given: set[date] = set()

    def take(self, *, people: int = 1, weeks: int = 1) -> Quiet:
        """A working day on which so many people have room, and the same weekday in the weeks after it."""
        free = self.free()
        for first in sorted(free):
            days = [first + timedelta(weeks=week) for week in range(weeks)]
            if self.given.intersection(days) or not all(day in free for day in days):
                continue
            for team in combinations(sorted(free[first]), people):
                spots = spots_in(set.intersection(*(free[day].get(one, set()) for day in days for one in team)))
                if len(spots) >= SPOTS:
                    self.given.update(days)
                    return Quiet(first, team, spots)
        raise AssertionError(f"no day has room for {people} people in {weeks} weeks")

    def free(self) -> dict[date, dict[str, set[int]]]:
        """Starts on the coming working days, by person, as the API tells them now."""
        branch, service = self.one("branches", BRANCH), self.one("services", SERVICE)
        first = datetime.now(UTC).date() + timedelta(days=SOONEST)
        told = self.caller.found("availability", branch=branch, service=service, days=DAYS, **{"from": first})
        days = ((date.fromisoformat(day["date"]), day["slots"]) for day in told["days"])
        return {day: dict(by_person(slots)) for day, slots in days if day.weekday() not in WEEKEND}

    def one(self, what: str, slug: str) -> str:
        return next(str(item["id"]) for item in self.caller.found(what)["items"] if item["slug"] == slug)


def by_person(slots: Sequence[dict[str, Any]]) -> Iterator[tuple[str, set[int]]]:
    for person in {person for slot in slots for person in slot["staff"]}:
        starts = (datetime.fromisoformat(slot["start"]) for slot in slots if person in slot["staff"])
        yield person, {start.hour * 60 + start.minute for start in starts}


def spots_in(starts: set[int]) -> tuple[int, ...]:
    """Starts with a quarter of an hour free before and half an hour after, far enough from each other."""
    spots: list[int] = []
    for start in sorted(starts):
        roomy = start % 15 == 0 and {start - 15, start + 15, start + 30} <= starts
        if roomy and (not spots or start - spots[-1] >= APART):
            spots.append(start)
    return tuple(spots)
