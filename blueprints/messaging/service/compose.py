"""Writing about an appointment: what happened to it, with everything else of the same visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking_api
from blueprints.booking.api import BookingDetails
from blueprints.brand import api as brand_api
from blueprints.catalog import api as catalog_api
from blueprints.crm import api as crm_api
from blueprints.crm.api import Contact
from blueprints.feeds.api import customer_page_url
from blueprints.messaging.links import home_link, imprint_link, logo_link
from blueprints.messaging.rules import OCCASIONS, UPCOMING, share, still_true
from blueprints.messaging.service.post import Letter, heard, post, spoken
from blueprints.reviews.api import review_link
from blueprints.staff import api as staff_api
from blueprints.templates.api import Facts, Fees, Item
from shopbell import clock, i18n
from shopbell.errors import NotFound
from shopbell.tenancy import current_tenant

#: Later nobody remembers the visit well enough to be asked about it.
ASKED_FOR = timedelta(days=3)
#: The link stays good for a while after the appointment, to look up what it was.
LINK_LIFE = timedelta(days=7)


def compose(
    session: Session, template: str, booking_id: UUID, *, version: int, earlier: datetime | None = None
) -> list[UUID]:
    """Write the messages of an occasion, one per channel the customer has, and have them sent.

    Harmless to repeat: a booking, template, channel and `version` make one message for ever. Nothing is written when
    the occasion is over: the booking cancelled meanwhile, moved again, or past. Returns the ids of new messages.
    """
    try:
        booking = booking_api.details(session, booking_id)
    except NotFound:
        return []
    if booking.customer_id is None or not still_true(template, booking.status, booking.starts_at, clock.now()):
        return []
    if OCCASIONS[template].versioned and booking.slot_version > version:
        return []
    contact = heard(session, crm_api.contact(session, booking.customer_id))
    members = booking_api.visit(session, booking.id)
    visit = together(members, booking)
    if template == "cancellation" and any(each.status in UPCOMING for each in members):
        template = "part_cancelled"
    with i18n.speaking(spoken(contact)):
        facts = _facts(session, visit, contact, earlier)
    expires_at = booking.starts_at
    if template == "review":
        facts = replace(facts, link=review_link(booking.id, booking.ends_at))
        expires_at = clock.now() + ASKED_FOR
    elif template == "calendar":
        facts = replace(facts, link=customer_page_url(session, booking.customer_id))
    letter = Letter(
        template=template,
        subject_id=booking.id,
        version=version,
        booking_id=booking.id,
        branch_id=booking.branch_id,
        contact=contact,
        facts=facts,
        expires_at=expires_at,
        event=(booking.visit_id or booking.id, sum(each.revision for each in members)),
    )
    return post(session, letter)


def facts_of(session: Session, booking_id: UUID, locale: str) -> Facts:
    """What a message about an appointment would speak of, in that language. Raises UnknownBooking."""
    booking = booking_api.details(session, booking_id)
    nobody = Contact(booking.id, "", "", "", locale)
    contact = crm_api.contact(session, booking.customer_id) if booking.customer_id else nobody
    visit = together(booking_api.visit(session, booking.id), booking)
    with i18n.speaking(locale):
        return _facts(session, visit, contact, None)


def together(members: Sequence[BookingDetails], booking: BookingDetails) -> list[BookingDetails]:
    """The appointment, with those of the same visit that fare as it does; it stands first."""
    alike = [each for each in members if (each.status == "cancelled") == (booking.status == "cancelled")]
    return [booking, *(each for each in alike if each.id != booking.id)]


def _facts(session: Session, visit: Sequence[BookingDetails], contact: Contact, earlier: datetime | None) -> Facts:
    """What the message speaks of, in the language now spoken."""
    home, booking = current_tenant().locale, visit[0]
    branch = catalog_api.branch(session, booking.branch_id)
    brand = brand_api.at(session, brand_api.brand(session), branch)
    items = _items(session, visit)
    ends_at = max(each.ends_at for each in visit)
    return Facts(
        chain=brand.display_name,
        colour=brand.colour,
        branch=i18n.localized(branch.name, home),
        address=i18n.localized(branch.address, home),
        phone=branch.phone,
        service=items[0].service,
        person=items[0].person,
        customer=contact.name,
        ref=booking.ref,
        starts_at=min(each.starts_at for each in visit),
        ends_at=ends_at,
        earlier=earlier,
        zone=clock.zone(branch.time_zone),
        deadline=booking.cancel_deadline if booking.cancel_deadline > clock.now() else None,
        link=booking_api.manage_link(booking.id, ends_at + LINK_LIFE),
        home=home_link(),
        items=tuple(sorted(items, key=lambda item: item.starts_at)) if len(items) > 1 else (),
        fees=_fees(visit),
        more=_more(session, booking),
        logo=logo_link(brand),
        imprint=imprint_link(brand),
        thanks=i18n.localized(brand.text("thanks"), home),
        foot=i18n.localized(brand.text("footer"), home),
    )


def _more(session: Session, booking: BookingDetails) -> tuple[datetime, ...]:
    """The dates that follow, for the first visit of a series: people are told of all of them at once."""
    if booking.series_id is None:
        return ()
    placed = booking_api.series(session, booking.series_id).placed
    later = [each.starts_at for each in placed if each.starts_at > booking.starts_at]
    return tuple(later) if len(later) == len(placed) - 1 else ()


def _items(session: Session, visit: Sequence[BookingDetails]) -> list[Item]:
    home = current_tenant().locale
    names = {
        service_id: i18n.localized(catalog_api.service(session, service_id).name, home)
        for service_id in {each.service_id for each in visit}
    }
    people = {
        person_id: staff_api.person(session, person_id).name
        for person_id in {each.person_id for each in visit if each.person_id}
    }
    return [
        Item(
            names[each.service_id],
            people[each.person_id] if each.person_id else None,
            each.guest_name,
            each.starts_at,
            each.ends_at,
        )
        for each in visit
    ]


def _fees(visit: Sequence[BookingDetails]) -> Fees:
    """What the agreed terms come to for the whole visit."""
    return Fees(
        visit[0].currency,
        deposit=sum(share(each.price_minor, each.terms.deposit_percent) for each in visit),
        late_fee=sum(share(each.price_minor, each.terms.late_cancel_percent) for each in visit),
        no_show_fee=sum(share(each.price_minor, each.terms.no_show_percent) for each in visit),
    )
