"""Writing messages: from an occasion and a booking to rows, texts drawn, sending scheduled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.booking import api as booking_api
from blueprints.booking.api import BookingDetails
from blueprints.brand import api as brand_api
from blueprints.catalog import api as catalog_api
from blueprints.catalog.api import BranchView
from blueprints.crm import api as crm_api
from blueprints.crm.api import Contact
from blueprints.messaging.links import home_link
from blueprints.messaging.models import Message
from blueprints.messaging.rules import VERSIONED, WITHDRAWN_BY, address_fits, dedupe_key, still_true
from blueprints.messaging.service.deliver import SEND
from blueprints.messaging.texts import Facts, Texts, draw
from blueprints.staff import api as staff_api
from shopbell import clock, due, i18n, ids, runtime
from shopbell.errors import NotFound
from shopbell.ics import IcsEvent, Person, calendar
from shopbell.tenancy import current_tenant

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
    if template in VERSIONED and booking.slot_version > version:
        return []
    contact = crm_api.contact(session, booking.customer_id)
    locale = i18n.known(contact.locale, current_tenant().locale)
    with i18n.speaking(locale):
        branch = catalog_api.branch(session, booking.branch_id)
        facts = _facts(session, booking, contact, branch, earlier)
    texts = draw(template, locale, facts)
    _withdraw(session, booking_id, template)
    common = {
        "booking_id": booking.id,
        "customer_id": booking.customer_id,
        "template": template,
        "locale": locale,
        "recipient_name": contact.name,
        "sender_name": facts.chain,
        "created_at": clock.now(),
        "expires_at": booking.starts_at,
    }
    rows = [
        {**common, **channel, "id": ids.uuid7(), "dedupe_key": dedupe_key(booking.id, template, name, version)}
        for name, channel in _channels(template, contact, texts, booking, facts).items()
    ]
    return _write(session, rows)


def _facts(
    session: Session, booking: BookingDetails, contact: Contact, branch: BranchView, earlier: datetime | None
) -> Facts:
    """What the message speaks of, in the language now spoken."""
    home = current_tenant().locale
    brand = brand_api.brand(session)
    service = catalog_api.service(session, booking.service_id)
    person = staff_api.person(session, booking.person_id).name if booking.person_id else None
    return Facts(
        chain=brand.display_name,
        colour=brand.colour,
        branch=i18n.localized(branch.name, home),
        address=i18n.localized(branch.address, home),
        phone=branch.phone,
        service=i18n.localized(service.name, home),
        person=person,
        customer=contact.name,
        ref=booking.ref,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        earlier=earlier,
        zone=clock.zone(branch.time_zone),
        deadline=booking.cancel_deadline if booking.cancel_deadline > clock.now() else None,
        link=booking_api.manage_link(booking.id, booking.ends_at + LINK_LIFE),
        home=home_link(),
    )


def _channels(
    template: str, contact: Contact, texts: Texts, booking: BookingDetails, facts: Facts
) -> Mapping[str, dict[str, Any]]:
    """The columns that differ by channel, for each channel the customer has."""
    found: dict[str, dict[str, Any]] = {}
    length = texts.sms_length
    if contact.phone:
        found["sms"] = {
            "channel": "sms",
            "recipient": contact.phone,
            "subject": "",
            "body": texts.sms,
            "html": None,
            "calendar": None,
            "segments": length.segments,
            "encoding": length.encoding,
        }
    if contact.email and address_fits(contact.email):
        found["email"] = {
            "channel": "email",
            "recipient": contact.email,
            "subject": texts.subject,
            "body": texts.text,
            "html": texts.html,
            "calendar": _calendar(template, booking, facts, texts),
            "segments": 0,
            "encoding": None,
        }
    return found


def _calendar(template: str, booking: BookingDetails, facts: Facts, texts: Texts) -> str | None:
    """The appointment as a calendar file; a reminder brings none, the calendar already has it."""
    if template == "reminder":
        return None
    cancelled = template == "cancellation"
    event = IcsEvent(
        uid=f"{booking.id}@{current_tenant().host}",
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=texts.calendar_summary,
        # A cancellation is a change of its own: calendars ignore what does not count higher than before.
        sequence=booking.slot_version + (1 if cancelled else 0),
        status="CANCELLED" if cancelled else "CONFIRMED",
        location=", ".join(part for part in (facts.branch, facts.address) if part),
        url=facts.home if cancelled else facts.link,
        organizer=Person(facts.chain, runtime.settings().mail_from),
    )
    return calendar([event], method="CANCEL" if cancelled else "PUBLISH").decode()


def _withdraw(session: Session, booking_id: UUID, template: str) -> None:
    """Take back what was written before and not yet sent, where this occasion makes it wrong."""
    overtaken = session.scalars(
        update(Message)
        .where(
            Message.booking_id == booking_id,
            Message.state == "queued",
            Message.template.in_(WITHDRAWN_BY[template]),
        )
        .values(state="cancelled")
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    for message_id in overtaken:
        due.drop(session, SEND, str(message_id))


def _write(session: Session, rows: list[dict[str, Any]]) -> list[UUID]:
    if not rows:
        return []
    statement = insert(Message).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Message.id)
    written = session.scalars(statement, rows).all()
    for message_id in written:
        due.schedule(session, SEND, str(message_id), clock.now())
    return list(written)
