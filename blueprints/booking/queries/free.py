"""Free times: when a service, or a visit of several services and guests, can begin at a branch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import BranchClosed, SlotTaken
from blueprints.booking.frames import Frame
from blueprints.booking.plan import Reading
from blueprints.booking.queries import books
from blueprints.booking.rules import policy
from blueprints.booking.rules.crowd import crowd
from blueprints.booking.rules.slots import (
    Book,
    Wanted,
    first_cells,
    onward_chains,
    people_by_start,
    union,
    without_gaps,
)
from blueprints.booking.rules.solve import MOST_TRIES, Search, solve
from blueprints.booking.rules.timeline import Moment, Window, bits
from blueprints.booking.values import FreeDay, Guest, Item, Slot
from shopbell import clock
from shopbell.errors import DomainError, Invalid
from shopbell.i18n import gettext as _

ALTERNATIVES = 5
ALTERNATIVE_DAYS = 7
TRIES_IN_ALL = 100_000
"""A party that can hardly be placed keeps nobody waiting for seconds: later times are then not shown."""
MOST_GUESTS = 8
MOST_SERVICES = 8

T = TypeVar("T")
Start = tuple[int, Moment, tuple[UUID, ...]]
"""A cell of the window and what people call it, with everybody who could give the first service then."""


@dataclass(frozen=True)
class Party:
    """What is to be placed: for each guest the services one after the other, as wished and with what they take."""

    guests: tuple[Guest, ...]
    wanted: tuple[tuple[Wanted, ...], ...]

    @property
    def items(self) -> list[Item]:
        return [item for guest in self.guests for item in guest.items]

    @property
    def shortest(self) -> int:
        """Cells from start to end when nobody waits and the fastest serve."""
        return max(sum(min(demand.length for demand in one.demands) for one in services) for services in self.wanted)


def one_service(
    service_id: UUID | None, options: Sequence[UUID], person_id: UUID | None, guests: Sequence[Guest]
) -> tuple[Guest, ...]:
    """The guests, or a single one with a single service. Raises Invalid without either."""
    if guests:
        return tuple(guests)
    if service_id is None:
        raise Invalid(fields={"service": _("a service of this branch")})
    return (Guest((Item(service_id, tuple(options), person_id),)),)


def party_of(frame: Frame, guests: Sequence[Guest]) -> Party:
    """The guests' wishes checked against what the branch offers.

    Raises BranchClosed, Invalid for too many, UnknownService, UnknownOption, UnknownPerson or NobodyCan.
    """
    if not frame.branch.is_open:
        raise BranchClosed(_("Please choose another branch, or call this one."))
    if not 1 <= len(guests) <= MOST_GUESTS or not all(1 <= len(guest.items) <= MOST_SERVICES for guest in guests):
        hint = _(
            "At most %(guests)s guests, each with 1 to %(services)s services.",
            guests=MOST_GUESTS,
            services=MOST_SERVICES,
        )
        raise Invalid(hint, fields={"guests": hint})
    return Party(tuple(guests), tuple(tuple(frame.wanted(item) for item in guest.items) for guest in guests))


def free_days(  # noqa: PLR0913 - one keyword for each thing that may be wished
    session: Session,
    branch_id: UUID,
    service_id: UUID | None,
    first_day: date,
    days: int,
    person_id: UUID | None = None,
    *,
    options: Sequence[UUID] = (),
    guests: Sequence[Guest] = (),
    tier: int = 0,
    without: UUID | Collection[UUID] | None = None,
) -> list[FreeDay]:
    """Free starts on each of the days (local to the branch), within lead time and horizon; a full day has no slots.

    For one service with its options, or for the `guests` of a visit. `tier` opens the times kept for it. `without`
    counts appointments' own time as free, for moving them by a little.
    Raises UnknownBranch and what party_of raises.
    """
    own = (without,) if isinstance(without, UUID) else without or ()
    reading = read_free(session, branch_id, first_day, days, without=own)
    return days_of(reading, one_service(service_id, options, person_id, guests), first_day, days, tier)


def read_free(
    session: Session, branch_id: UUID, first_day: date, days: int, *, without: Collection[UUID] = ()
) -> Reading:
    """The book over the days, and over the days beside them where the branch is open over midnight."""
    reading = _read(session, branch_id, first_day, days, without)
    if plan.over_midnight(reading.frame):
        reading = _read(session, branch_id, first_day - timedelta(days=1), days + 2, without)
    return reading


def _read(session: Session, branch_id: UUID, first_day: date, days: int, without: Collection[UUID]) -> Reading:
    if without:
        return plan.read(session, branch_id, first_day, days, without=without)
    return books.read(session, branch_id, first_day, days)


def days_of(reading: Reading, guests: Sequence[Guest], first_day: date, days: int, tier: int = 0) -> list[FreeDay]:
    """The free starts of the days in a reading that covers them, each day by what holds on it."""

    def of(part: Reading, begins: date, length: int) -> list[FreeDay]:
        return _days_of(part, guests, begins, length, tier)

    def full(begins: date, length: int) -> list[FreeDay]:
        return [FreeDay(begins + timedelta(days=number), ()) for number in range(length)]

    return [free for found in in_stretches(reading, first_day, days, of, full) for free in found]


def starts_of_days(
    reading: Reading, guests: Sequence[Guest], first_day: date, days: int, tier: int = 0
) -> dict[date, list[Start]]:
    """The same as plain tuples, which many at once are cheaper to make."""

    def of(part: Reading, begins: date, length: int) -> dict[date, list[Start]]:
        return _starts_of(part, guests, begins, length, tier)

    def full(begins: date, length: int) -> dict[date, list[Start]]:
        return {begins + timedelta(days=number): [] for number in range(length)}

    return {day: starts for found in in_stretches(reading, first_day, days, of, full) for day, starts in found.items()}


def in_stretches(
    reading: Reading,
    first_day: date,
    days: int,
    work: Callable[[Reading, date, int], T],
    full: Callable[[date, int], T],
) -> list[T]:
    """The work's answer for each run of days on which one set of rules holds: hardly ever more than one.

    Days on which the wish cannot be had are full ones, if it can on others. Raises what the work raises.
    """
    found, refused = [], []
    for frame, begins, length in reading.frame.stretches(first_day, days):
        try:
            found.append(work(reading.by(frame), begins, length))
        except DomainError as error:
            refused.append(error)
            found.append(full(begins, length))
    if refused and len(refused) == len(found):
        raise refused[0]
    return found


def _days_of(reading: Reading, guests: Sequence[Guest], first_day: date, days: int, tier: int) -> list[FreeDay]:
    book, party = open_to(reading, tier), party_of(reading.frame, guests)
    starts = party_starts(book, party, bookable(reading.frame))
    fits = gapless(book, party, starts, reading.frame.shortest)
    return [
        FreeDay(day, tuple(Slot(at.instant, people, at.text, bool(fits >> cell & 1)) for cell, at, people in found))
        for day, found in _by_day(reading.frame.window, starts, first_day, days).items()
    ]


def _starts_of(
    reading: Reading, guests: Sequence[Guest], first_day: date, days: int, tier: int
) -> dict[date, list[Start]]:
    party = party_of(reading.frame, guests)
    starts = party_starts(open_to(reading, tier), party, bookable(reading.frame))
    return _by_day(reading.frame.window, starts, first_day, days)


def _by_day(window: Window, starts: Mapping[UUID | None, int], first_day: date, days: int) -> dict[date, list[Start]]:
    found: dict[date, list[Start]] = {first_day + timedelta(days=number): [] for number in range(days)}
    moment = window.moment
    for cell, people in people_by_start(starts):
        at = moment(cell)
        if at.day in found:
            found[at.day].append((cell, at, people))
    return found


def bookable(frame: Frame) -> int:
    """The cells at which a customer may begin now: on the grid, after the lead time, before the horizon."""
    now, window = clock.now(), frame.window
    allowed = window.from_instant(now + timedelta(minutes=frame.branch.lead_minutes))
    allowed &= window.until_instant(policy.horizon(frame.branch, now, frame.zone))
    return allowed & frame.grid & ~frame.rulebook.peak_closed(window, now)


def open_to(reading: Reading, tier: int) -> Book:
    """The book with what is kept for higher tiers closed."""
    frame = reading.frame
    kept = frame.rulebook.priority(frame.window, tier, clock.now())
    return replace(reading.book, opening=reading.book.opening & ~kept) if kept else reading.book


def party_starts(
    book: Book, party: Party, allowed: int, *, most: int | None = None, tries: int = TRIES_IN_ALL
) -> Mapping[UUID | None, int]:
    """For each lead of the first service, the cells at which everybody can begin. For several guests the search ends
    after `most` starts (None: all)."""
    onward = [onward_chains(book, services) for services in party.wanted]
    alone = [first_cells(chains[0]) for chains in onward]
    if len(alone) == 1:
        return {lead: bitmap & allowed for lead, bitmap in alone[0].items()}
    together = reduce(and_, (union(one) for one in alone)) & allowed
    found, left = 0, tries
    needs = crowd(book, party.wanted)
    for cell in bits(together):
        if left <= 0 or found.bit_count() == most:
            break
        if needs.fits(cell):
            search = Search(book, None, most=min(MOST_TRIES, left))
            if solve(search, party.wanted, cell, onward):
                found |= 1 << cell
            left -= search.tries
    return {lead: bitmap & found for lead, bitmap in alone[0].items()}


def gapless(book: Book, party: Party, starts: Mapping[UUID | None, int], shortest: int) -> int:
    """The starts at which somebody is left without a gap shorter than `shortest`; of several guests nobody is asked."""
    if len(party.wanted) > 1:
        return book.everything
    found = 0
    for lead, demand in party.wanted[0][0].leads:
        if lead is None:
            return book.everything
        offset, length = demand.lead_hull
        free = book.free_person(lead)
        found |= starts[lead.id] & without_gaps(free, offset, length, shortest, book.everything)
    return found


def taken_error(
    session: Session,
    frame: Frame,
    guests: Sequence[Guest],
    starts_at: datetime,
    tier: int = 0,
    *,
    choice: bool = True,
) -> SlotTaken:
    """The error for a lost race, with the free times nearest to the one wanted if there is somebody to choose."""
    return SlotTaken(
        _("Please choose one of the times that are still free."),
        alternatives=alternatives(session, frame, guests, starts_at, tier) if choice else [],
    )


def alternatives(
    session: Session, frame: Frame, guests: Sequence[Guest], starts_at: datetime, tier: int = 0
) -> list[dict[str, Any]]:
    """The nearest free starts of the next days, as {start, staff: {id, name}?}, in order of time: with the people
    asked for, else with anybody."""
    day = clock.local_minutes(starts_at, frame.zone)[0]
    reading = read_free(session, frame.branch.id, day, ALTERNATIVE_DAYS)
    found = _slots(reading, guests, day, tier)
    if not found and any(item.person_id for guest in guests for item in guest.items):
        found = _slots(reading, with_anybody(guests), day, tier)
    nearest = sorted(found, key=lambda slot: abs(slot.starts_at - starts_at))[:ALTERNATIVES]
    return [_offer(frame, slot) for slot in sorted(nearest, key=lambda slot: slot.starts_at)]


def with_anybody(guests: Sequence[Guest]) -> tuple[Guest, ...]:
    return tuple(replace(guest, items=tuple(replace(item, person_id=None) for item in guest.items)) for guest in guests)


def _slots(reading: Reading, guests: Sequence[Guest], day: date, tier: int) -> list[Slot]:
    return [slot for free in days_of(reading, guests, day, ALTERNATIVE_DAYS, tier) for slot in free.slots]


def _offer(frame: Frame, slot: Slot) -> dict[str, Any]:
    offer: dict[str, Any] = {"start": slot.text}
    if slot.person_ids:
        first = frame.people[slot.person_ids[0]]
        offer["staff"] = {"id": str(first.id), "name": first.name}
    return offer
