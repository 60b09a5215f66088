"""All branches' books over some days, remembered for those who search a whole chain.

Reading two hundred books for every question would cost a second, so each process remembers them: per stretch of days
the frames of all branches and what is taken in them. A question asks for three things: whether the configuration is
still the same, which branches' books have changed since (their rows carry the transaction that wrote them), and what
is held at the moment. Only changed books are read again, so an answer is as true as the one of a single branch. When
the configuration has changed, marks tell at which branches: a roster that is written anew somewhere, which in a large
chain happens all day, costs no more than that branch.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.booking import frames, plan
from blueprints.booking.frames import Frame
from blueprints.booking.queries import books
from blueprints.booking.rules.slots import Book
from blueprints.booking.rules.timeline import Window, cell_of, midnight
from blueprints.catalog import api as catalog
from blueprints.staff import api as staff
from shopbell import clock
from shopbell.flights import Flights
from shopbell.marks import read as read_marks
from shopbell.marks import rows_of, together
from shopbell.prepared import Prepared
from shopbell.spans import Span
from shopbell.tenancy import current_tenant

REMEMBERED_WISHES = 64
REMEMBERED_CHAINS = 64

NEWS = Prepared(
    text(
        f"""
        select version, cast(pg_snapshot_xmin(pg_current_snapshot()) as text),
               array(select id from branches
                      where exists (select from bookings where bookings.branch_id = branches.id
                                                           and changed_xid >= cast(:since as xid8))),
               (select {books.PACKED} from allocations where expires_at > :now and starts_at >= :earliest)
          from config_version
        """  # noqa: S608 - the only value put in is a constant
    )
)


def _of_places(table: str) -> str:
    """A rule of a region is one of each of its branches; of one that has none it is everybody's, which does no harm."""
    along = f"left join branches on branches.region_id = {table}.region_id"
    return rows_of(table, f"coalesce({table}.branch_id, branches.id)", along)


RULES = Prepared(
    text(together((rows_of("booking_policies"), _of_places("peak_rules"), _of_places("priority_windows"))))
)

Mark = tuple[int | None, ...]
WishKey = tuple[Any, ...]
NOTHING_READ = "0"
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Stretch:
    """All branches' books over some days. `taken` counts cells from `origin`; `edition` says how often a branch's book
    was read."""

    version: UUID
    first_day: date
    days: int
    frames: dict[UUID, Frame]
    origin: int
    cursor: str
    marks: Mapping[UUID | None, Mark]
    taken: dict[int, int] = field(default_factory=dict)
    edition: dict[UUID, int] = field(default_factory=dict)
    answers: dict[tuple[UUID, WishKey, date], tuple[int, Mapping[UUID | None, int]]] = field(default_factory=dict)
    hours: dict[tuple[str, Span], int] = field(default_factory=dict)
    known_until: datetime = NEVER
    """Of no branch is a start missing that lies before this; what is taken is read so far that visits can end."""
    read_until: datetime = NEVER

    @property
    def last_day(self) -> date:
        """Starts are looked for before this local day; the window goes on for a day."""
        return self.first_day + timedelta(days=self.days - 1)

    def of_hours(self, window: Window, hours: Span) -> int:
        """The cells of every day's hours; some hundred questions ask for the same few."""
        found = self.hours.get((window.zone.key, hours))
        if found is None:
            if len(self.hours) > REMEMBERED_WISHES:
                self.hours.clear()
            found = window.of_spans({day: [hours] for day in window.calendar()})
            self.hours[window.zone.key, hours] = found
        return found

    def book(self, frame: Frame, held: Mapping[int, int]) -> Book:
        shift, everything = frame.window.origin - self.origin, frame.window.everything
        taken = {
            resource: (self.taken.get(resource, 0) | held.get(resource, 0)) >> shift & everything
            for resource in frame.resource_ids
        }
        return Book(frame.opening, frame.grid, frame.rosters, frame.workers, frame.places, taken, everything)


@dataclass(frozen=True)
class News:
    """`cursor` is where the reader stands now, `changed` the branches whose books were written since."""

    version: UUID
    cursor: str
    changed: Sequence[UUID]
    held: bytes | None


_chains: dict[UUID, dict[int, Stretch]] = {}
_lock = threading.Lock()
_flights = Flights()


def read(session: Session, number: int, begins: int, days: int) -> tuple[Stretch, dict[int, int]]:
    """The stretch as it is now, and what is held in it at the moment: made anew when the day has changed, or what holds
    for all branches, else brought up to date."""
    first_day = clock.now().date() - timedelta(days=1) + timedelta(days=begins)
    known, news = _news(session, number)
    if known and known.first_day == first_day and known.version == news.version:
        return _as_now(session, known, news, number)
    session.flush()
    with _flights.one((current_tenant().id, number)):
        known, news = _news(session, number)
        if known is None or known.first_day != first_day:
            known = _made(session, news.version, first_day, days + 2, news.cursor, _marks(session))
            news = replace(news, changed=())
        return _as_now(session, known, news, number)


def _news(session: Session, number: int) -> tuple[Stretch | None, News]:
    with _lock:
        known = _chains.get(current_tenant().id, {}).get(number)
    now = clock.now()
    values = {"since": known.cursor if known else NOTHING_READ, "now": now, "earliest": now - plan.LONGEST_SERVICE}
    [row] = NEWS.run(session, values)
    return known, News(*row)


def _as_now(session: Session, known: Stretch, news: News, number: int) -> tuple[Stretch, dict[int, int]]:
    tenant_id = current_tenant().id
    if known.version != news.version:
        known = _made_again(session, known, news.version, news.changed, news.cursor)
    elif news.changed:
        known = _brought_up(session, known, news.changed)
    known.cursor = news.cursor
    with _lock:
        while len(_chains) >= REMEMBERED_CHAINS and tenant_id not in _chains:
            _chains.pop(next(iter(_chains)))
        _chains.setdefault(tenant_id, {})[number] = known
    return known, _held(news.held, known)


def _held(packed: bytes | None, stretch: Stretch) -> dict[int, int]:
    now = cell_of(clock.now())
    ahead = now - stretch.origin
    return {
        resource: bitmap << ahead if ahead >= 0 else bitmap >> -ahead
        for resource, bitmap in plan.unpack_from(packed, now).items()
    }


def _marks(session: Session) -> dict[UUID | None, Mark]:
    """By branch, and under None for all: to be read before that which they are the marks of."""
    parts = catalog.marks(session), staff.marks(session), read_marks(session, RULES)
    return {branch_id: tuple(part.get(branch_id) for part in parts) for branch_id in set().union(*parts)}


def _made(
    session: Session, version: UUID, first_day: date, days: int, cursor: str, marks: Mapping[UUID | None, Mark]
) -> Stretch:
    branches = [branch for branch in catalog.branches(session) if branch.is_open]
    found = frames.load_many(session, version, branches, first_day, days, named=False)
    origin = min((frame.window.origin for frame in found.values()), default=cell_of(clock.now()))
    stretch = Stretch(version, first_day, days, found, origin, cursor, marks)
    stretch.known_until, stretch.read_until = _ends(found.values(), stretch.last_day)
    stretch.taken = _taken(session, stretch, _resources(found.values()))
    return stretch


def _made_again(session: Session, known: Stretch, version: UUID, changed: Iterable[UUID], cursor: str) -> Stretch:
    """After the configuration has changed: the branches that it concerns are looked up again, all of them after a
    change for all. What is taken stays known, except where a branch's own changed and of whoever was nowhere before."""
    marks = _marks(session)
    branches = {branch.id: branch for branch in catalog.branches(session) if branch.is_open}
    other = {id_ for id_ in branches if id_ not in known.frames or marks.get(id_) != known.marks.get(id_)}
    again = branches.keys() if marks.get(None) != known.marks.get(None) else other
    places = [branches[id_] for id_ in again]
    fresh = frames.load_many(session, version, places, known.first_day, known.days, named=False) if places else {}
    found = {id_: fresh.get(id_) or known.frames[id_] for id_ in branches}
    known_until, read_until = _ends(found.values(), known.last_day)
    if read_until > known.read_until or any(frame.window.origin < known.origin for frame in fresh.values()):
        return _made(session, version, known.first_day, known.days, cursor, marks)
    before = {one for id_ in other if id_ in known.frames for one in known.frames[id_].resource_ids}
    nowhere = _resources(fresh.values()) - _resources(known.frames.values())
    remade = replace(known, version=version, frames=found, marks=marks, known_until=known_until)
    return _brought_up(session, remade, {*changed, *other}, before | nowhere, again)


def _resources(of: Iterable[Frame]) -> set[int]:
    return {one for frame in of for one in frame.resource_ids}


def _ends(known: Iterable[Frame], last_day: date) -> tuple[datetime, datetime]:
    """The first and the last midnight with which the day begins somewhere; a day more where a branch is open then."""
    midnights, reads = [NEVER], [clock.now()]
    for frame in known:
        begins = midnight(last_day, frame.zone)
        cell = cell_of(begins) - frame.window.origin
        open_then = bool(frame.opening >> max(0, cell - 1) & 0b11)
        midnights.append(begins)
        reads.append(begins + timedelta(days=open_then))
    return min(midnights), max(reads)


def _brought_up(
    session: Session,
    known: Stretch,
    changed: Iterable[UUID],
    also: Iterable[int] = (),
    remade: Iterable[UUID] = (),
) -> Stretch:
    """With the books read again that have changed, and the time of these resources; the answers of branches that were
    `remade` are worth nothing any more. What others are reading at the moment stays as it is for them."""
    places = [known.frames[branch_id] for branch_id in changed if branch_id in known.frames]
    resources = _resources(places).union(also)
    kept = {resource: bitmap for resource, bitmap in known.taken.items() if resource not in resources}
    touched = {branch_id for branch_id, frame in known.frames.items() if not resources.isdisjoint(frame.resource_ids)}
    touched.update(changed, remade)
    edition = {**known.edition, **{branch_id: known.edition.get(branch_id, 0) + 1 for branch_id in touched}}
    taken = _taken(session, known, resources) if resources else {}
    return replace(known, taken={**kept, **taken}, edition=edition)


def _taken(session: Session, stretch: Stretch, resources: Iterable[int]) -> dict[int, int]:
    # What is over by now is nobody's to book any more.
    starts_at = max(
        clock.now(), min((frame.window.starts_at for frame in stretch.frames.values()), default=clock.now())
    )
    return books.taken(session, resources, starts_at, stretch.read_until, stretch.origin)
