"""Which value holds at a place on a day, and where it comes from. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from tenants.settings.keys import BRANCH, CHAIN, LEVELS, REGION, Key


@dataclass(frozen=True)
class Place:
    """The chain (without an id), a region or a branch."""

    level: str = CHAIN
    id: UUID | None = None

    @property
    def depth(self) -> int:
        return LEVELS.index(self.level)


THE_CHAIN = Place()
Path = tuple[Place, ...]
"""From the chain down to a place."""


def path_to(region_id: UUID | None = None, branch_id: UUID | None = None) -> Path:
    """The way down to a branch, or to its region; a branch may be in no region."""
    found = [THE_CHAIN]
    if region_id:
        found.append(Place(REGION, region_id))
    if branch_id:
        found.append(Place(BRANCH, branch_id))
    return tuple(found)


@dataclass(frozen=True)
class Entry:
    """What is said at a place from `starts_on` on (None: ever since), until its next entry.

    Not `own`: from then on the place takes over what is said above it. `locked` leaves nothing to the places below.
    """

    place: Place
    value: Any = None
    starts_on: date | None = None
    own: bool = True
    locked: bool = False
    author: str = ""
    said_at: datetime | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Resolved:
    """A value with its `source` (None: the product's own default), the lock above that nobody here may pass, and what
    it becomes next, on which day."""

    value: Any
    source: Entry | None
    locked_by: Entry | None
    next_on: date | None = None
    next_value: Any = None


Statement = tuple[str, str]
"""A key's name and a subject, "" for none."""


@dataclass(frozen=True)
class Said:
    """Everything that is said, by key and subject and place; each place's entries in the order of their days."""

    entries: Mapping[Statement, Mapping[UUID | None, Sequence[Entry]]] = field(default_factory=dict)

    @cached_property
    def subjects(self) -> Mapping[str, Sequence[str]]:
        """The subjects of which anything is said, in order, by key."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, subject in sorted(statement for statement in self.entries if statement[1]):
            found[name].append(subject)
        return found

    def standing(self, key: Key, path: Path, day: date, subject: str = "") -> Iterator[Entry]:
        """The entries in force on the day, the least binding first: the last one's value holds.

        A place counts for more than those above it, and what is said of the subject for more than what is said of
        none. Whatever stands below a lock is left out.
        """
        deepest = len(LEVELS)
        for about in dict.fromkeys(("", subject) if key.falls_back else (subject,)):
            here = self.entries.get((key.name, about))
            for place in path if here else ():
                entry = _in_force(here[place.id], day) if here and place.id in here else None
                if entry is None or not entry.own or place.depth > deepest:
                    continue
                yield entry
                if entry.locked:
                    deepest = min(deepest, place.depth)

    def source(self, key: Key, path: Path, day: date, subject: str = "") -> Entry | None:
        """The entry whose value holds; None where nobody says anything."""
        found = None
        for entry in self.standing(key, path, day, subject):
            found = entry
        return found

    def value(self, key: Key, path: Path, day: date, subject: str = "") -> Any:
        found = self.source(key, path, day, subject)
        return key.default if found is None else found.value

    def lock_above(self, key: Key, path: Path, day: date, subject: str = "") -> Entry | None:
        """What forbids a value of its own to the last place of the path."""
        depth = path[-1].depth
        locks = (
            entry for entry in self.standing(key, path, day, subject) if entry.locked and entry.place.depth < depth
        )
        return next(locks, None)

    def resolve(self, key: Key, path: Path, day: date, subject: str = "") -> Resolved:
        """The value with where it comes from and what comes next."""
        source = self.source(key, path, day, subject)
        value = key.default if source is None else source.value
        lock = self.lock_above(key, path, day, subject)
        for later in self.days_of([key], path, day, date.max, subject):
            after = self.value(key, path, later, subject)
            if after != value:
                return Resolved(value, source, lock, later, after)
        return Resolved(value, source, lock)

    def days_of(self, keys: Iterable[Key], path: Path, after: date, until: date, subject: str = "") -> list[date]:
        """The days after the one day, up to the other, from which something else is said of the keys on the path."""
        if after >= until:
            return []
        statements = {(key.name, about) for key in keys for about in ({"", subject} if key.falls_back else {subject})}
        lists = (self.entries[statement] for statement in statements if statement in self.entries)
        return _days(lists, path, after, until)

    def days(self, path: Path, after: date, until: date, but: Collection[str] = ()) -> list[date]:
        """The same of all keys and subjects together, `but` for the keys of these names."""
        return _days((places for (name, _), places in self.entries.items() if name not in but), path, after, until)

    def own(self, key: Key, place: Place, subject: str = "") -> Sequence[Entry]:
        """What the place itself says and said, in the order of days."""
        return self.entries.get((key.name, subject), {}).get(place.id, ())

    def including(self, more: Iterable[tuple[Statement, Entry]]) -> Said:
        """With entries besides; one takes the place of another of the same day."""
        fresh: dict[Statement, dict[UUID | None, Sequence[Entry]]] = {}
        for statement, entry in more:
            places = fresh.get(statement)
            if places is None:
                places = fresh[statement] = dict(self.entries.get(statement, {}))
            others = [one for one in places.get(entry.place.id, ()) if one.starts_on != entry.starts_on]
            places[entry.place.id] = sorted([*others, entry], key=_order) if others else [entry]
        return Said({**self.entries, **fresh}) if fresh else self


def said_of(rows: Iterable[tuple[Statement, Entry]]) -> Said:
    """Everything that is said, from its entries in any order."""
    found: dict[Statement, dict[UUID | None, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for statement, entry in rows:
        found[statement][entry.place.id].append(entry)
    for places in found.values():
        for entries in places.values():
            entries.sort(key=_order)
    return Said({statement: dict(places) for statement, places in found.items()})


def _order(entry: Entry) -> date:
    return entry.starts_on or date.min


def _in_force(entries: Sequence[Entry], day: date) -> Entry | None:
    number = bisect_right(entries, day, key=_order)
    return entries[number - 1] if number else None


def _days(said: Iterable[Mapping[UUID | None, Sequence[Entry]]], path: Path, after: date, until: date) -> list[date]:
    ids = [place.id for place in path]
    found = {
        entry.starts_on
        for places in said
        for place_id in ids
        if place_id in places
        for entry in places[place_id]
        if entry.starts_on is not None and after < entry.starts_on <= until
    }
    return sorted(found)
