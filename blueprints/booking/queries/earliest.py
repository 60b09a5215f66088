"""The first free times of a wish over many branches at once.

Reading two hundred books for every question would cost a second, so each process remembers them: per stretch of days
the frames of all branches and what is taken in them. A question asks for three things: whether the configuration is
still the same, which branches' books have changed since (their rows carry the transaction that wrote them), and what
is held at the moment. Only changed books are read again, so an answer is as true as the one of a single branch. When
the configuration has changed, marks tell at which branches: a roster that is written anew somewhere, which in a large
chain happens all day, costs no more than that branch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.booking import frames, plan
from blueprints.booking.errors import BranchClosed
from blueprints.booking.frames import Frame
from blueprints.booking.queries import books
from blueprints.booking.queries.free import bookable, party_of, party_starts
from blueprints.booking.rules.slots import Book, guest_starts, union
from blueprints.booking.rules.timeline import Window, cell_of, lowest, midnight
from blueprints.booking.values import Guest, Slot
from blueprints.catalog import api as catalog
from blueprints.staff import api as staff
from shopbell import clock
from shopbell.errors import DomainError
from shopbell.marks import read as read_marks
from shopbell.marks import rows_of, together
from shopbell.prepared import Prepared
from shopbell.spans import Span
from shopbell.tenancy import current_tenant

STAGES = (2, 12, 48)
"""Days of the stretches that are looked at one after the other: most wishes are met in the first."""
REMEMBERED_WISHES = 64
REMEMBERED_CHAINS = 64
TRIES_PER_BRANCH = 2_000
"""How long the search for a party may take at one branch of many."""

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


_chains: dict[UUID, dict[int, Stretch]] = {}
_lock = threading.Lock()


Satisfied = Callable[[Mapping[UUID, Sequence[Slot]], datetime], bool]
"""Whether what was found by then is all that is wanted, whatever begins at that instant or later elsewhere."""


@dataclass(frozen=True)
class Look:
    """What is looked for: see earliest."""

    guests: tuple[Guest, ...]
    tier: int
    number: int
    last_day: date
    since: datetime | None
    first_day: date | None
    hours: Span | None

    _allowed: dict[tuple[object, ...], int] = field(default_factory=dict, compare=False, repr=False)
    """Most branches of a chain share their rules; what they allow is worked out once."""

    def allowed(self, stretch: Stretch, frame: Frame) -> int:
        """The cells at which a visit may begin."""
        branch = frame.branch
        key = (stretch.first_day, id(frame.window), branch.slot_minutes, branch.lead_minutes, branch.horizon_days)
        found = None if frame.rulebook.peaks else self._allowed.get(key)
        if found is None:
            found = self._allowed[key] = self._worked_out(stretch, frame)
        return found

    def _worked_out(self, stretch: Stretch, frame: Frame) -> int:
        window = frame.window
        found = bookable(frame) & window.until_instant(midnight(stretch.last_day, frame.zone))
        if self.since:
            found &= window.from_instant(self.since)
        if self.first_day:
            found &= window.from_instant(midnight(self.first_day, frame.zone))
        return found & stretch.of_hours(window, self.hours) if self.hours else found


def earliest(  # noqa: PLR0913 - one keyword for each thing that may be wished
    session: Session,
    guests: Sequence[Guest],
    branch_ids: Iterable[UUID] | None = None,
    *,
    tier: int = 0,
    enough: int | Satisfied = 10,
    per_branch: int = 3,
    days: int = sum(STAGES),
    since: datetime | None = None,
    first_day: date | None = None,
    hours: Span | None = None,
) -> dict[UUID, list[Slot]]:
    """The first `per_branch` free times at each branch (all open ones when None) that has any within so many days.

    Days further away are looked at only while fewer than `enough` branches have a time, or until that says so itself.
    A branch that does not offer the wish is left out. `since` leaves out earlier times, `first_day` earlier days of
    each branch, `hours` starts outside these minutes of the local day. Each slot is what free_days would show.
    """
    found: dict[UUID, list[Slot]] = {}
    today = clock.now().date()
    look = Look(tuple(guests), tier, per_branch, today + timedelta(days=days), since, first_day, hours)
    ends = 0
    for number, length in enumerate(STAGES):
        begins, ends = ends, ends + length
        if begins >= days:
            break
        if first_day and first_day > today + timedelta(days=ends + 1):
            continue
        stretch, held = _stretch(session, number, begins, length)
        wanted = stretch.frames.keys() if branch_ids is None else stretch.frames.keys() & set(branch_ids)
        _look(stretch, held, look, wanted - found.keys(), found)
        satisfied = len(found) >= enough if isinstance(enough, int) else enough(found, stretch.known_until)
        if satisfied or len(found) == len(wanted):
            break
    return found


def _look(
    stretch: Stretch, held: Mapping[int, int], look: Look, wanted: set[UUID], found: dict[UUID, list[Slot]]
) -> None:
    for branch_id in wanted:
        frame = stretch.frames[branch_id]
        slots = _first(frame, _starts(stretch, frame, look, held), look.number, look.last_day)
        if slots:
            found[branch_id] = slots


def _first(frame: Frame, starts: Mapping[UUID | None, int], number: int, last_day: date) -> list[Slot]:
    slots: list[Slot] = []
    for cell in lowest(union(starts), number):
        moment = frame.window.moment(cell)
        if moment.day > last_day:
            break
        people = tuple(lead for lead, bitmap in starts.items() if lead is not None and bitmap >> cell & 1)
        slots.append(Slot(moment.instant, people, moment.text))
    return slots


def _starts(stretch: Stretch, frame: Frame, look: Look, held: Mapping[int, int]) -> Mapping[UUID | None, int]:
    """Where everybody can begin within what is looked for, on each day by what holds on it."""
    window = frame.window
    found: dict[UUID | None, int] = {}
    for part, begins, length in frame.stretches(window.first_day, window.days):
        starts = _starts_by(stretch, part, look, held, begins)
        if not frame.later:
            return starts
        last = midnight(begins + timedelta(days=length), frame.zone)
        cells = window.from_instant(midnight(begins, frame.zone)) & window.until_instant(last)
        for lead, bitmap in starts.items():
            found[lead] = found.get(lead, 0) | bitmap & cells
    return found


def _starts_by(
    stretch: Stretch, frame: Frame, look: Look, held: Mapping[int, int], begins: date
) -> Mapping[UUID | None, int]:
    """For one guest it is remembered while nothing of it changes; for several only as many starts are searched as are
    wanted."""
    allowed = look.allowed(stretch, frame)
    key = (frame.branch.id, look.guests, begins)
    edition = stretch.edition.get(frame.branch.id, 0)
    timeless = len(look.guests) == 1 and not frame.rulebook.windows and held.keys().isdisjoint(frame.resource_ids)
    known = stretch.answers.get(key) if timeless else None
    if known is None or known[0] != edition:
        try:
            party = party_of(frame, look.guests)
        except (DomainError, BranchClosed):
            return {}
        book = stretch.book(frame, held)
        kept = frame.rulebook.priority(frame.window, look.tier, clock.now())
        book = replace(book, opening=book.opening & ~kept)
        if len(look.guests) > 1:
            return party_starts(book, party, allowed, most=look.number, tries=TRIES_PER_BRANCH)
        # Which starts leave gaps matters to nobody here.
        known = (edition, guest_starts(book, party.wanted[0]))
    if timeless:
        if len(stretch.answers) > REMEMBERED_WISHES * max(1, len(stretch.frames)):
            stretch.answers.clear()
        stretch.answers[key] = known
    return {lead: bitmap & allowed for lead, bitmap in known[1].items()}


def _stretch(session: Session, number: int, begins: int, days: int) -> tuple[Stretch, dict[int, int]]:
    """The stretch as it is now, and what is held in it at the moment: made anew when the day has changed, or what holds
    for all branches, else brought up to date."""
    tenant_id = current_tenant().id
    first_day = clock.now().date() - timedelta(days=1) + timedelta(days=begins)
    with _lock:
        known = _chains.get(tenant_id, {}).get(number)
    now = clock.now()
    values = {"since": known.cursor if known else NOTHING_READ, "now": now, "earliest": now - plan.LONGEST_SERVICE}
    [[version, cursor, changed, held]] = NEWS.run(session, values)
    if known is None or known.first_day != first_day:
        known = _made(session, version, first_day, days + 2, cursor, _marks(session))
    elif known.version != version:
        known = _made_again(session, known, version, changed, cursor)
    elif changed:
        known = _brought_up(session, known, changed)
    known.cursor = cursor
    with _lock:
        while len(_chains) >= REMEMBERED_CHAINS and tenant_id not in _chains:
            _chains.pop(next(iter(_chains)))
        _chains.setdefault(tenant_id, {})[number] = known
    return known, _held(held, known)


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
    stretch.taken = _read(session, stretch, _resources(found.values()))
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
    read = _read(session, known, resources) if resources else {}
    return replace(known, taken={**kept, **read}, edition=edition)


def _read(session: Session, stretch: Stretch, resources: Iterable[int]) -> dict[int, int]:
    # What is over by now is nobody's to book any more.
    starts_at = max(
        clock.now(), min((frame.window.starts_at for frame in stretch.frames.values()), default=clock.now())
    )
    return books.taken(session, resources, starts_at, stretch.read_until, stretch.origin)
