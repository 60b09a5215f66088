"""Taking time: what is free, what a wish takes, and the rows that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import NotForYou, OutsideHours
from blueprints.booking.frames import Frame
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.plan import Reading
from blueprints.booking.queries.free import Party, party_of, taken_error
from blueprints.booking.rules import policy
from blueprints.booking.rules.crowd import crowd
from blueprints.booking.rules.ranking import Ranking
from blueprints.booking.rules.slots import Book
from blueprints.booking.rules.solve import Placed, Search, solve
from blueprints.booking.rules.timeline import cell_of, instant_of
from blueprints.booking.rules.timeline import run as span_of
from blueprints.booking.service.allocations import Piece, allocate, remove_stale_holds
from blueprints.booking.values import Guest
from shopbell import clock
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared

TRIES = 4
"""How often another person or room is tried when somebody else was faster by a moment."""

RECENT = 50
"""Of a branch's appointments changed last, those that say who was given one when."""

_RECENT = (
    select(Booking.person_id, Booking.created_at)
    .where(Booking.branch_id == bindparam("branch"))
    .order_by(Booking.changed_xid.desc())
    .limit(RECENT)
    .subquery()
)
LATEST = Prepared(
    select(_RECENT.c.person_id, func.date_part("epoch", func.max(_RECENT.c.created_at)))
    .where(_RECENT.c.person_id.is_not(None))
    .group_by(_RECENT.c.person_id)
)

STAYS = {"rule": "stays", "facts": {}}
"""Why somebody goes on with a guest whom they serve anyway."""


@dataclass(frozen=True)
class Who:
    """Who asks for the time, as far as rules care. Staff may book at once and off the public grid; only an `override`
    lets them take what is taken, closed or kept for others. `keep` are resources to stay with if that is possible. Of
    other times only somebody who has a `choice` is told."""

    by_staff: bool = False
    tier: int = 0
    usual_id: UUID | None = None
    override: bool = False
    keep: frozenset[int] = frozenset()
    choice: bool = True


@dataclass(frozen=True)
class Visit:
    """Everything placed: per service its item, its place, and how the person was found. `forced` says that something
    of it was not free, or the branch not open, and that staff wanted it all the same."""

    party: Party
    placed: tuple[Placed, ...]
    why: tuple[dict[str, Any] | None, ...]
    frame: Frame
    forced: str | None = None

    def span(self, number: int) -> tuple[datetime, datetime]:
        one = self.placed[number]
        origin = self.frame.window.origin
        return instant_of(origin + one.first), instant_of(origin + one.last)


class Rows(Protocol):
    """The appointments whose time is taken: written before their allocations, undone when those cannot be had."""

    @property
    def ids(self) -> Sequence[UUID]: ...

    def write(self, visit: Visit) -> None: ...
    def undo(self) -> None: ...


def take(
    session: Session,
    reading: Reading,
    guests: Sequence[Guest] | Party,
    starts_at: datetime,
    rows: Rows,
    who: Who = Who(),
    *,
    expires_at: datetime | None = None,
) -> Visit:
    """Allocate everything the guests need from `starts_at` on, or raise SlotTaken with alternatives.

    Somebody else may take the chosen room or person between our look and our insert: then the book is read again and
    the next best is tried. Raises also what party_of and check_time raise, and NotForYou.
    """
    party = guests if isinstance(guests, Party) else party_of(reading.frame, guests)
    start = check_time(reading.frame, party, starts_at, who)
    for _try in range(TRIES):
        visit = choose(session, reading, party, start, who)
        if visit is None:
            break
        rows.write(visit)
        if insert_allocations(session, reading, rows.ids, visit, expires_at):
            return visit
        rows.undo()
        reading = plan.read_day_of(session, reading.frame.branch.id, starts_at)
        start = cell_of(starts_at) - reading.frame.window.origin
    if who.override:
        return force(session, reading, party, start, rows, who)
    raise taken_error(session, reading.frame, party.guests, starts_at, who.tier, choice=who.choice)


def check_time(frame: Frame, party: Party, starts_at: datetime, who: Who) -> int:
    """The start as a cell of the frame's window. Raises the errors of rules.policy, OutsideHours or PeakClosed."""
    policy.check_start(frame.branch, starts_at, frame.zone, at=clock.now(), by_staff=who.by_staff)
    start = cell_of(starts_at) - frame.window.origin
    wanted = span_of(start, start + party.shortest)
    if frame.opening & wanted != wanted and not who.override:
        raise OutsideHours(
            _("Choose a time within the opening hours; the whole appointment must fit."),
            fields={"start": _("a time within the opening hours")},
        )
    if not who.by_staff:
        policy.check_peak(frame.rulebook, starts_at, frame.zone, at=clock.now())
    return start


def choose(session: Session, reading: Reading, party: Party, start: int, who: Who) -> Visit | None:
    """The best way to place everybody at the cell, or None. Raises NotForYou when only members may have this time."""
    frame = reading.frame
    kept = frame.rulebook.priority(frame.window, who.tier, clock.now())
    book = replace(reading.book, opening=reading.book.opening & ~kept) if kept else reading.book
    found = _solved(session, frame, book, party, start, who)
    if found is None and kept & span_of(start, start + party.shortest):
        found = _solved(session, frame, reading.book, party, start, who)
        if found is not None and not who.override:
            refuse_kept(frame, found, who.tier)
        return replace(found, forced="priority") if found else None
    return found


def refuse_kept(frame: Frame, visit: Visit, tier: int) -> None:
    """Raises NotForYou, which says from when on everybody may have it."""
    first, last = visit.span(0)[0], max(visit.span(number)[1] for number in range(len(visit.placed)))
    policy.check_kept(frame.rulebook, first, last, frame.zone, tier=tier, at=clock.now())
    # Something between the services of the visit lies in kept time: the rows themselves do not.
    raise NotForYou(_("Please choose another time, or ask the branch."))


def _solved(  # noqa: PLR0917
    session: Session, frame: Frame, book: Book, party: Party, start: int, who: Who, instead_of: Book | None = None
) -> Visit | None:
    """With a `book` in which more is free than there is, people are ranked by the true one that it stands for."""
    ranking = Ranking(instead_of or book, frame.shortest, who.usual_id)
    if any(ranking.is_tied(wanted, start) for services in party.wanted for wanted in services if len(wanted.leads) > 1):
        ranking.turns = turns(session, frame.branch.id)
    if len(party.wanted) > 1 and not crowd(book, party.wanted).fits(start):
        return None
    rank = ranking.reluctantly if instead_of else ranking
    found = solve(Search(book, rank, who.keep), party.wanted, start)
    if found is None:
        return None
    placed = tuple(one for services in found for one in services)
    why: list[dict[str, Any] | None] = []
    for guest, services, wanted in zip(party.guests, found, party.wanted, strict=True):
        met = {item.person_id for item in guest.items if item.person_id}
        for item, place, one in zip(guest.items, services, wanted, strict=True):
            stays = place.lead is not None and item.person_id is None and place.lead.id in met
            why.append(STAYS if stays else ranking.why(one, place, asked=item.person_id is not None))
            met |= {place.lead.id} if place.lead else set()
    return Visit(party, placed, tuple(why), frame)


def turns(session: Session, branch_id: UUID) -> dict[UUID, float]:
    """When people of the branch were last given an appointment, as far as its latest changes tell."""
    return dict(LATEST.run(session, {"branch": branch_id}))


def force(session: Session, reading: Reading, party: Party, start: int, rows: Rows, who: Who) -> Visit:
    """Place everybody as if all were free, rather with people who are there and rooms that are free, and take of it
    what is. Raises SlotTaken when even that is impossible: a party larger than the branch."""
    book = reading.book
    always = book.everything
    rosters = {worker.id: always for worker in book.workers}
    places = {place.resource_id for place in book.places}
    in_rooms = {resource: cells for resource, cells in book.taken.items() if resource in places}
    people = replace(book, opening=always, rosters=rosters, taken=in_rooms)
    visit = _solved(session, reading.frame, people, party, start, who, instead_of=book)
    if visit is None:
        all_of_it = replace(people, taken={})
        visit = _solved(session, reading.frame, all_of_it, party, start, who, instead_of=book)
    if visit is None:
        raise taken_error(session, reading.frame, party.guests, visit_start(reading, start), who.tier)
    last = max(placed.last for placed in visit.placed)
    closed = span_of(start, last) & ~reading.frame.opening
    visit = replace(visit, forced="closed_hours" if closed else "overbook")
    rows.write(visit)
    insert_allocations(session, reading, rows.ids, visit, None, partly=True)
    return visit


def visit_start(reading: Reading, start: int) -> datetime:
    return instant_of(reading.frame.window.origin + start)


def insert_allocations(
    session: Session,
    reading: Reading,
    ids: Sequence[UUID],
    visit: Visit,
    expires_at: datetime | None,
    *,
    partly: bool = False,
) -> bool:
    """All of the visit, or nothing: False when somebody holds a part of it. `partly` keeps what could be had."""
    origin = reading.frame.window.origin
    pieces = [
        Piece(booking_id, resource, instant_of(origin + first), instant_of(origin + last))
        for booking_id, placed in zip(ids, visit.placed, strict=True)
        for resource, first, last in placed.taken
    ]
    if reading.stale_holds and pieces:
        remove_stale_holds(session, pieces)
    if allocate(session, pieces, expires_at) < len(pieces) and not partly:
        session.execute(delete(Allocation).where(Allocation.booking_id.in_(list(ids))))
        return False
    return True
