"""What the booking pages show, read through the other features' questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView, UnknownService
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView, UnknownPerson
from blueprints.storefront.errors import BadDay
from blueprints.storefront.rules import DAYS_SHOWN, PartOfDay, parts_of_day, read_day, window
from shopbell import clock
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class DayChip:
    """A day of the strip. `state` is free, full or closed."""

    day: date
    state: str


@dataclass(frozen=True)
class Search:
    """What times are looked for: a service at a branch, given by one person or by whoever is free."""

    branch: BranchView
    service: ServiceView
    person: PersonView | None
    without: UUID | None = None
    """An appointment that is being moved: its own time counts as free."""


@dataclass(frozen=True)
class TimesView:
    """The time page: a strip of days, who may serve, and the free times of the chosen day."""

    zone: ZoneInfo
    strip: tuple[DayChip, ...]
    day: date
    people: tuple[PersonView, ...]
    person: PersonView | None
    parts: tuple[PartOfDay, ...]
    next_day: date | None
    earlier: date | None
    later: date | None


def service_by_slug(session: Session, slug: str) -> ServiceView:
    """A service on offer. Raises UnknownService."""
    for service in catalog.services(session):
        if service.slug == slug:
            return service
    raise UnknownService


def services_at(session: Session, branch: BranchView) -> list[ServiceView]:
    """The services on offer that somebody at the branch can give."""
    people = staff.people_at(session, branch.id)
    return [
        service
        for service in catalog.services(session)
        if service.steps and any(service.skill_ids <= person.skill_ids for person in people)
    ]


def people_for(session: Session, branch: BranchView, service: ServiceView) -> tuple[PersonView, ...]:
    """Those at the branch who can give the whole service; nobody is asked for when it needs nobody."""
    if not service.skill_ids:
        return ()
    return tuple(person for person in staff.people_at(session, branch.id) if service.skill_ids <= person.skill_ids)


def chosen_person(people: Sequence[PersonView], text: str) -> PersonView | None:
    """The person of ?staff=, None for anyone. Raises UnknownPerson for one who does not give this service here."""
    if not text:
        return None
    for person in people:
        if str(person.id) == text:
            return person
    raise UnknownPerson


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


Starts = dict[date, tuple[datetime, ...]]


def times(
    session: Session,
    branch: BranchView,
    service: ServiceView,
    day_text: str,
    staff_text: str,
    without: UUID | None = None,
) -> TimesView:
    """Everything the time page shows, from one question to the book. Raises BadDay, UnknownPerson, NobodyCan."""
    today, last_day = bookable(branch)
    wanted = wanted_day(branch, day_text)
    people = people_for(session, branch, service)
    search = Search(branch, service, chosen_person(people, staff_text), without)
    first, days = window(today, wanted or today, last_day)
    free = free_starts(session, search, first, days)
    hours = catalog.opening_spans(session, branch.id, first, days)
    day = wanted or next((day for day in free if free[day]), first)
    zone, following = clock.zone(branch.time_zone), first + timedelta(days=days)
    return TimesView(
        zone=zone,
        strip=tuple(DayChip(day, "free" if free[day] else "full" if hours[day] else "closed") for day in free),
        day=day,
        people=people,
        person=search.person,
        parts=tuple(parts_of_day(free[day], zone)),
        next_day=None if free[day] else next_free(session, search, free, day, last_day),
        earlier=first - timedelta(days=DAYS_SHOWN) if first > today else None,
        later=following if following <= last_day else None,
    )


def free_starts(session: Session, search: Search, first: date, days: int) -> Starts:
    """The free times of each day."""
    person_id = search.person.id if search.person else None
    branch, service = search.branch.id, search.service.id
    found = booking.free_days(session, branch, service, first, days, person_id, without=search.without)
    return {free.day: tuple(slot.starts_at for slot in free.slots) for free in found}


def next_free(session: Session, search: Search, shown: Starts, day: date, last_day: date) -> date | None:
    """The first day after `day` with a free time: on the strip, else anywhere ahead that can be booked."""
    for later, starts in shown.items():
        if later > day and starts:
            return later
    beyond = max(shown) + timedelta(days=1)
    if beyond > last_day:
        return None
    ahead = free_starts(session, search, beyond, (last_day - beyond).days + 1)
    return next((later for later, starts in ahead.items() if starts), None)
