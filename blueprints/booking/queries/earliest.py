"""The first free times of a wish over many branches at once: see stretches for how their books are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.errors import BranchClosed
from blueprints.booking.frames import Frame
from blueprints.booking.queries import stretches
from blueprints.booking.queries.free import bookable, party_of, party_starts
from blueprints.booking.queries.stretches import REMEMBERED_WISHES, Stretch
from blueprints.booking.rules.slots import guest_starts, union
from blueprints.booking.rules.timeline import lowest, midnight
from blueprints.booking.values import Guest, Slot
from shopbell import clock
from shopbell.errors import DomainError
from shopbell.spans import Span

STAGES = (2, 12, 48)
"""Days of the stretches that are looked at one after the other: most wishes are met in the first."""
TRIES_PER_BRANCH = 2_000
"""How long the search for a party may take at one branch of many."""

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
        stretch, held = stretches.read(session, number, begins, length)
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
