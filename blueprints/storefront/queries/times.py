"""The time page: a strip of days, who may serve, and the free times of the chosen day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import Slot
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.reviews import api as reviews
from blueprints.staff.api import PersonView, UnknownPerson
from blueprints.storefront.errors import BadDay
from blueprints.storefront.queries.offer import Offer, offer_of
from blueprints.storefront.queries.visit import Visit, choice_of
from blueprints.storefront.rules import DAYS_SHOWN, PartOfDay, parts_of_day, read_day, window
from shopbell import clock
from shopbell.i18n import gettext as _
from shopbell.text import N_

WORDS = {"free": "", "full": N_("Full"), "closed": N_("Closed"), "later": N_("Not yet")}
Free = dict[date, tuple[Slot, ...]]


@dataclass(frozen=True)
class DayChip:
    """A day of the strip. `state` is free, full, closed, or later: it can be booked from `opens` on."""

    day: date
    state: str
    opens: datetime | None = None

    @property
    def word(self) -> str:
        """A message to be translated."""
        return WORDS[self.state]


@dataclass(frozen=True)
class Search:
    """What times are looked for. `without` is what is being moved: its own time counts as free."""

    visit: Visit
    without: UUID | Collection[UUID] | None = None
    tier: int = 0


@dataclass(frozen=True)
class TimesView:
    """The time page. `first` is the first free time of all, when the strip begins today."""

    zone: ZoneInfo
    strip: tuple[DayChip, ...]
    day: date
    people: tuple[PersonView, ...]
    person: PersonView | None
    parts: tuple[PartOfDay[Slot], ...]
    next_day: date | None
    earlier: date | None
    later: date | None
    first: Slot | None
    ratings: dict[UUID, tuple[float, int]]

    @property
    def chip(self) -> DayChip:
        """What is the matter with the day."""
        return next(chip for chip in self.strip if chip.day == self.day)

    @property
    def some_fit_better(self) -> bool:
        """Whether it helps to say which times leave no gap: not when all do, and not when none does."""
        fits = {slot.fits for part in self.parts for slot in part.slots}
        return len(fits) > 1


def wanted_day(branch: BranchView, text: str) -> date | None:
    """The day of ?day=, None for the first free one. Raises BadDay."""
    if not text:
        return None
    today, last_day = bookable(branch)
    try:
        day = read_day(text)
    except ValueError:
        raise BadDay(_("“%(day)s” is not a day of the calendar.", day=text[:40])) from None
    if day < today:
        raise BadDay(_("This day has passed."))
    if day > last_day:
        raise BadDay(_("You can book up to %(days)s days ahead.", days=branch.horizon_days))
    return day


def bookable(branch: BranchView) -> tuple[date, date]:
    """Today and the last day that can be booked, on the branch's calendar."""
    today, _minute = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))
    return today, today + timedelta(days=branch.horizon_days)


def times(
    session: Session,
    branch: BranchView,
    service: ServiceView,
    day_text: str,
    staff_text: str,
    without: UUID | Collection[UUID] | None = None,
    *,
    options: Iterable[UUID] = (),
    tier: int = 0,
) -> TimesView:
    """The times for one service. Raises what visit_times raises, and UnknownOption."""
    offer = offer_of(session, branch)
    choice = choice_of(offer, service, options, read_person(staff_text))
    return visit_times(session, Visit(branch, ((choice,),)), day_text, without, tier=tier, offer=offer)


def read_person(text: str) -> UUID | None:
    """The person of ?staff=, None for anyone. Raises UnknownPerson."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise UnknownPerson from None


def visit_times(
    session: Session,
    visit: Visit,
    day_text: str,
    without: UUID | Collection[UUID] | None = None,
    *,
    tier: int = 0,
    offer: Offer | None = None,
) -> TimesView:
    """Everything the time page shows, from one question to the book.

    With the branch's `offer` and one service only, the people who may be asked for come along. Raises BadDay,
    UnknownPerson or NobodyCan.
    """
    branch, search, only = visit.branch, Search(visit, without, tier), visit.only
    today, last_day = bookable(branch)
    wanted = wanted_day(branch, day_text)
    first, days = window(today, wanted or today, last_day)
    free = free_slots(session, search, first, days)
    hours = catalog.opening_spans(session, branch.id, first, days)
    day = wanted or next((day for day in free if free[day]), first)
    zone, following = clock.zone(branch.time_zone), first + timedelta(days=days)
    people = offer.people_for(only.service) if offer and only else ()
    return TimesView(
        zone=zone,
        strip=tuple(chips(free, hours, booking.opens_later(session, branch.id, first, days))),
        day=day,
        people=people,
        person=only.person if only else None,
        parts=tuple(parts_of_day(free[day], zone)),
        next_day=None if free[day] else next_free(session, search, free, day, last_day),
        earlier=first - timedelta(days=DAYS_SHOWN) if first > today else None,
        later=following if following <= last_day else None,
        first=next((slots[0] for slots in free.values() if slots), None) if first == today else None,
        ratings=reviews.ratings(session, [person.id for person in people]),
    )


def chips(free: Free, hours: Mapping[date, Sequence[object]], later: Mapping[date, datetime]) -> Iterator[DayChip]:
    """The days with what is the matter with each."""
    for day, slots in free.items():
        state = "free" if slots else "closed" if not hours[day] else "later" if day in later else "full"
        yield DayChip(day, state, later.get(day))


def free_slots(session: Session, search: Search, first: date, days: int) -> Free:
    """The free times of each day."""
    found = booking.free_days(
        session,
        search.visit.branch.id,
        None,
        first,
        days,
        guests=search.visit.asked,
        tier=search.tier,
        without=search.without,
    )
    return {free.day: free.slots for free in found}


def next_free(session: Session, search: Search, shown: Free, day: date, last_day: date) -> date | None:
    """The first day after `day` with a free time: on the strip, else anywhere ahead that can be booked."""
    for later, slots in shown.items():
        if later > day and slots:
            return later
    beyond = max(shown) + timedelta(days=1)
    if beyond > last_day:
        return None
    ahead = free_slots(session, search, beyond, (last_day - beyond).days + 1)
    return next((later for later, slots in ahead.items() if slots), None)
