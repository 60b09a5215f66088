"""Giving out addresses, taking them back, and what stands in them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import Engagement
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.crm import api as crm
from blueprints.crm.api import Contact
from blueprints.feeds import queries
from blueprints.feeds.errors import UnknownFeed
from blueprints.feeds.links import feed_link, page_link
from blueprints.feeds.models import Feed
from blueprints.feeds.queries import FeedView
from blueprints.feeds.rules.names import short_name
from blueprints.staff import api as staff
from shopbell import clock, i18n, ids
from shopbell.i18n import gettext as _
from shopbell.ics import IcsEvent, Status, calendar
from shopbell.tenancy import current_tenant

CUSTOMER_WINDOW = (timedelta(days=90), timedelta(days=400))
PERSON_WINDOW = (timedelta(days=14), timedelta(days=120))
CANCELLED_STAYS = timedelta(days=30)
"""For how long a calendar is told that an entry is cancelled, however seldom it is read."""
REFRESH_MINUTES = 60
LINK_LIFE = timedelta(days=7)
READ_NOTED_EVERY = timedelta(hours=1)
IMPORTED = "import"
STATUSES: dict[str, Status] = {"cancelled": "CANCELLED", "requested": "TENTATIVE"}
"""What calendars call the state of an appointment; all others are CONFIRMED."""


@dataclass(frozen=True)
class Drawn:
    """A feed's file, and a mark that changes only when its content does."""

    file: bytes
    etag: str


@dataclass(frozen=True)
class _Book:
    """What entries are written with: the branches, what each is called to customers, services and the customers
    concerned."""

    names: dict[UUID, str]
    branches: dict[UUID, BranchView]
    services: dict[UUID, ServiceView]
    contacts: dict[UUID, Contact]


def customer_feed_url(session: Session, customer_id: UUID) -> str:
    """The address of a customer's calendar, made when there is none. May be repeated. Raises UnknownCustomer."""
    found = _of_customer(session, customer_id)
    return feed_link(found.id, found.created_at)


def customer_page_url(session: Session, customer_id: UUID) -> str:
    """The page on which a customer subscribes to their calendar, or stops it. It opens with the calendar's own address
    only: whoever has the link of one appointment must not learn of the others. Raises UnknownCustomer."""
    found = _of_customer(session, customer_id)
    return page_link(found.id, found.created_at)


def _of_customer(session: Session, customer_id: UUID) -> FeedView:
    locale = i18n.known(crm.contact(session, customer_id).locale, current_tenant().locale)
    return queries.feed_of(session, customer_id=customer_id) or _make(session, locale, customer_id=customer_id)


def person_feed_url(session: Session, person_id: UUID) -> str:
    """The address of a person's calendar, made when there is none. May be repeated. Raises UnknownPerson."""
    staff.person(session, person_id)
    locale = i18n.current_locale()
    found = queries.feed_of(session, person_id=person_id) or _make(session, locale, person_id=person_id)
    return feed_link(found.id, found.created_at)


def revoke_customer_feed(session: Session, customer_id: UUID) -> None:
    """No address of the customer's calendar works any more. May be repeated."""
    _revoke(session, Feed.customer_id == customer_id)


def revoke_person_feed(session: Session, person_id: UUID) -> None:
    """No address of the person's calendar works any more. May be repeated."""
    _revoke(session, Feed.person_id == person_id)


def draw(session: Session, feed_id: UUID) -> Drawn:
    """The calendar as it is now, in its owner's language. Raises UnknownFeed."""
    found = queries.feed(session, feed_id)
    _note_reading(session, found)
    with i18n.speaking(found.locale):
        events = _events(session, found)
        name = brand.brand(session).display_name
    file = calendar(events, name=name, refresh_minutes=REFRESH_MINUTES)
    still = calendar(events, name=name, refresh_minutes=REFRESH_MINUTES, stamp=found.created_at)
    return Drawn(file, hashlib.sha256(still).hexdigest()[:32])


def _make(session: Session, locale: str, *, customer_id: UUID | None = None, person_id: UUID | None = None) -> FeedView:
    now = clock.now().replace(microsecond=0)
    feed = Feed(id=ids.uuid7(), customer_id=customer_id, person_id=person_id, locale=locale, created_at=now)
    session.add(feed)
    session.flush()
    return FeedView(feed.id, customer_id, person_id, locale, now, None)


def _revoke(session: Session, whose: object) -> None:
    session.execute(update(Feed).where(whose, Feed.revoked_at.is_(None)).values(revoked_at=clock.now()))  # type: ignore[arg-type]


def _note_reading(session: Session, found: FeedView) -> None:
    now = clock.now()
    if found.last_read_at is None or found.last_read_at < now - READ_NOTED_EVERY:
        session.execute(update(Feed).where(Feed.id == found.id).values(last_read_at=now))


def _events(session: Session, found: FeedView) -> list[IcsEvent]:
    if found.customer_id:
        return _customer_events(session, found.customer_id)
    return _person_events(session, found.person_id) if found.person_id else []


def _customer_events(session: Session, customer_id: UUID) -> list[IcsEvent]:
    since, until, cancelled = _window(CUSTOMER_WINDOW)
    agenda = booking.customer_agenda(session, customer_id, since, until, cancelled_since=cancelled)
    book = _book(session, [])
    return [_customer_event(one, book) for one in agenda if one.branch_id in book.branches]


def _person_events(session: Session, person_id: UUID) -> list[IcsEvent]:
    person = staff.person(session, person_id)
    if not person.active:
        raise UnknownFeed
    since, until, cancelled = _window(PERSON_WINDOW)
    agenda = booking.person_agenda(session, person.id, person.resource_id, since, until, cancelled_since=cancelled)
    # What was read from their own calendar does not go back into it.
    agenda = [one for one in agenda if one.source != IMPORTED]
    book = _book(session, agenda)
    return [_person_event(one, book) for one in agenda]


def _window(window: tuple[timedelta, timedelta]) -> tuple[datetime, datetime, datetime]:
    now = clock.now()
    return now - window[0], now + window[1], now - CANCELLED_STAYS


def _book(session: Session, agenda: Sequence[Engagement]) -> _Book:
    look, branches = brand.brand(session), catalog.branches(session)
    return _Book(
        names={branch.id: brand.at(session, look, branch).display_name for branch in branches},
        branches={branch.id: branch for branch in branches},
        services={service.id: service for service in catalog.services(session, active_only=False)},
        contacts=crm.contacts(session, [one.customer_id for one in agenda if one.customer_id]),
    )


def _customer_event(one: Engagement, book: _Book) -> IcsEvent:
    link = booking.manage_link(one.id, one.ends_at + LINK_LIFE)
    phone = book.branches[one.branch_id].phone
    return _event(
        one,
        book,
        summary=f"{_service(one, book)} · {book.names[one.branch_id]}",
        description="\n".join((_("Reference %(ref)s", ref=one.ref), phone, link)),
        url=link,
    )


def _person_event(one: Engagement, book: _Book) -> IcsEvent:
    if one.service_id is None:
        return _event(one, book, summary=_("Blocked time"))
    contact = book.contacts.get(one.customer_id) if one.customer_id else None
    name = short_name(one.guest_name or (contact.name if contact else ""), contact.locale if contact else "")
    summary = " · ".join(part for part in (_service(one, book), name) if part)
    return _event(one, book, summary=summary, description=_("Reference %(ref)s", ref=one.ref))


def _event(one: Engagement, book: _Book, *, summary: str, description: str = "", url: str = "") -> IcsEvent:
    home, branch = current_tenant().locale, book.branches[one.branch_id]
    where = (i18n.localized(branch.name, home), i18n.localized(branch.address, home))
    return IcsEvent(
        uid=f"{one.id}@{current_tenant().host}",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        summary=summary,
        sequence=one.revision,
        status=STATUSES.get(one.status, "CONFIRMED"),
        description=description,
        location=", ".join(part for part in where if part),
        url=url,
        zone=clock.zone(branch.time_zone),
    )


def _service(one: Engagement, book: _Book) -> str:
    service = book.services.get(one.service_id) if one.service_id else None
    return i18n.localized(service.name, current_tenant().locale) if service else ""
