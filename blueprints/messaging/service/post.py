"""From facts to rows: texts drawn, one message per channel the customer has, sending scheduled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.brand import api as brand_api
from blueprints.crm.api import Contact
from blueprints.messaging.models import ADDRESS_KEY, LETTER, VARIABLES, Message
from blueprints.messaging.rules import CHANNELS, OCCASIONS, Occasion, address_fits, dedupe_key
from blueprints.messaging.service import events
from blueprints.messaging.service.events import Step
from blueprints.messaging.service.kinds import FORGET, SEND
from blueprints.templates.api import Drawn, Facts, Texts, draw, shorten
from shopbell import clock, due, i18n, ids, runtime
from shopbell.ics import IcsEvent, Person, calendar
from shopbell.tenancy import current_tenant
from shopbell.vault import keys
from shopbell.vault.ring import Ring
from shopbell.vault.sealing import row_form


@dataclass(frozen=True)
class Letter:
    """A message to be written: what it is about, for whom, and until when it is worth sending.

    A subject, template, channel and `version` make one message for ever. `event` is (id, sequence) in calendars. One
    that is not `filed` is in no customer's file: it is to staff, or to several people. `branch_id` is the branch that
    it is from, None where it is the chain's. Where it is `drawn` already, that is what it says.
    """

    template: str
    subject_id: UUID
    version: int
    booking_id: UUID | None
    contact: Contact
    facts: Facts
    expires_at: datetime | None
    event: tuple[UUID, int] | None = None
    filed: bool = True
    branch_id: UUID | None = None
    drawn: Drawn | None = None

    def key(self, channel: str) -> str:
        """What the message exists only once by."""
        return dedupe_key(self.subject_id, self.template, channel, self.version)


def spoken(contact: Contact) -> str:
    """The language to write in."""
    return i18n.known(contact.locale, current_tenant().locale)


def heard(session: Session, contact: Contact) -> Contact:
    """A customer with the language they are written to in: one that the chain speaks."""
    return replace(contact, locale=brand_api.brand(session).nearest(spoken(contact)))


def post(session: Session, letter: Letter) -> list[UUID]:
    """Write the messages and have them sent. Harmless to repeat. Returns the ids of new messages."""
    locale = spoken(letter.contact)
    occasion, new = OCCASIONS[letter.template], {channel: ids.uuid7() for channel in CHANNELS}
    drawn = letter.drawn or _drawn(session, letter, locale, new["sms"])
    if letter.booking_id is not None:
        withdraw(session, letter.booking_id, occasion.overtakes)
    common = {
        "branch_id": letter.branch_id,
        "purpose": occasion.purpose,
        "priority": occasion.priority,
        "currency": current_tenant().currency,
        "booking_id": letter.booking_id,
        "customer_id": letter.contact.id if letter.filed else None,
        "template": letter.template,
        "locale": locale,
        "recipient_name": letter.contact.name,
        "sender_name": letter.facts.chain,
        "created_at": clock.now(),
        "expires_at": letter.expires_at,
    }
    keys_of = keys.at_hand(session)
    rows = [
        _sealed(
            keys_of,
            {
                **common,
                **channel,
                "id": new[name],
                "template_version_id": drawn.versions.get(name),
                "dedupe_key": letter.key(name),
            },
        )
        for name, channel in _channels(letter, drawn.texts).items()
    ]
    return _write(session, rows, occasion)


def _sealed(keys_of: Ring, row: dict[str, Any]) -> dict[str, Any]:
    """A new row as it is written."""
    key, variables = keys_of.index(ADDRESS_KEY, row["recipient"]), row.pop("variables")
    sealed = row_form(keys_of, LETTER, row["id"], row) | keys_of.form(VARIABLES, row["id"], variables)
    return {**row, **sealed, "recipient_key": key}


def _drawn(session: Session, letter: Letter, locale: str, message_id: UUID) -> Drawn:
    """In words, with a short link for the text message; a secret stands in none, and goes by its own address."""
    facts = letter.facts
    if letter.contact.phone and not OCCASIONS[letter.template].secret:
        short = shorten(session, facts.link, letter.key("sms"), message_id, letter.expires_at)
        facts = replace(facts, short_link=short)
    return draw(session, letter.template, locale, facts, letter.branch_id)


def withdraw(session: Session, booking_id: UUID, templates: tuple[str, ...]) -> None:
    """Take back what was written before and not yet sent, where something newer makes it wrong."""
    overtaken = session.scalars(
        update(Message)
        .where(Message.booking_id == booking_id, Message.state == "queued", Message.template.in_(templates))
        .values(state="cancelled")
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    for message_id in overtaken:
        due.drop(session, SEND, str(message_id))
    events.note(session, [Step(message_id, "cancelled") for message_id in overtaken])


def _channels(letter: Letter, texts: Texts) -> Mapping[str, dict[str, Any]]:
    """The columns that differ by channel, for each channel the customer has."""
    found: dict[str, dict[str, Any]] = {}
    length, contact = texts.sms_length, letter.contact
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
            "variables": {name: value for name, value in texts.variables.items() if value},
        }
    if contact.email and address_fits(contact.email):
        found["email"] = {
            "channel": "email",
            "recipient": contact.email,
            "subject": texts.subject,
            "body": texts.text,
            "html": texts.html,
            "calendar": _calendar(letter, texts),
            "segments": 0,
            "encoding": None,
            "variables": None,
        }
    return found


def _calendar(letter: Letter, texts: Texts) -> str | None:
    """The whole visit as one entry of a calendar file, for occasions that change what is in the calendar."""
    facts, occasion = letter.facts, OCCASIONS[letter.template]
    if letter.event is None or not occasion.calendar or facts.starts_at is None or facts.ends_at is None:
        return None
    booking_id, sequence = letter.event
    cancelled = occasion.withdraws_event
    event = IcsEvent(
        uid=f"{booking_id}@{current_tenant().host}",
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        summary=texts.calendar_summary,
        sequence=sequence,
        status="CANCELLED" if cancelled else "CONFIRMED",
        location=", ".join(part for part in (facts.branch, facts.address) if part),
        url=facts.home if cancelled else facts.link,
        organizer=Person(facts.chain, runtime.settings().mail_from),
    )
    return calendar([event], method=occasion.calendar).decode()


def _write(session: Session, rows: list[dict[str, Any]], occasion: Occasion) -> list[UUID]:
    """Write them down and have them sent; the text of a secret goes when it is over, whatever became of the message."""
    if not rows:
        return []
    statement = insert(Message).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Message.id)
    written = session.scalars(statement, rows).all()
    over_at = rows[0]["expires_at"]
    for message_id in written:
        due.schedule(session, SEND, str(message_id), clock.now(), priority=occasion.priority)
        if occasion.secret and over_at:
            due.schedule(session, FORGET, str(message_id), over_at)
    return list(written)
