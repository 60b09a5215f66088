"""Addresses that are not written to any more: taken down, asked about, lifted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, any_, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.crm.api import Choice, Contact, Evidence
from blueprints.messaging.gate.stops import ALL, CAUSES, Stop
from blueprints.messaging.gate.values import MARKETING
from blueprints.messaging.models import ADDRESS_KEY, Suppression
from shopbell import clock, ids
from shopbell.vault import keys

LONGEST_DETAIL = 300
SOURCES = {"reply": "reply", "one_click": "one_click", "complaint": "complaint", "staff": "counter"}
"""How the customer file calls where somebody said no, by cause."""


@dataclass(frozen=True)
class Standstill:
    """A suppression as staff see it."""

    id: UUID
    channel: str
    purpose: str
    cause: str
    detail: str
    since: datetime


def address_key(session: Session, address: str) -> int:
    """By which an address is found without being kept: E.164, or a mailbox in any case."""
    return keys.at_hand(session).index(ADDRESS_KEY, address)


def suppress(
    session: Session, channel: str, address: str, cause: str, detail: str = "", purpose: str | None = None
) -> bool:
    """Write to this address no more, for one purpose or (None) for all; False when that holds already.

    Where it is the people's own wish, whoever has that address withdraws from advertising by it, too. Harmless to
    repeat. Raises KeyError for an unknown cause.
    """
    about = purpose or ALL
    if CAUSES[cause].own and about in (ALL, MARKETING):
        for person in _having(session, channel, address):
            crm.say(session, person.id, [Choice(MARKETING, channel, False)], Evidence(SOURCES[cause]))
    values = {
        "id": ids.uuid7(),
        "address_key": address_key(session, address),
        "channel": channel,
        "purpose": about,
        "cause": cause,
        "detail": detail[:LONGEST_DETAIL],
        "since": clock.now(),
    }
    added = session.scalar(insert(Suppression).values(values).on_conflict_do_nothing().returning(Suppression.id))
    return added is not None


def lift(session: Session, channel: str, address: str, by: str = "", *, own_only: bool = False) -> int:
    """Write to this address again; returns how many suppressions that ends. `own_only` leaves those that are not the
    people's own wish: an address that does not work does not begin to by being wanted."""
    causes = [name for name, cause in CAUSES.items() if cause.own or not own_only]
    lifted = session.scalars(
        update(Suppression)
        .where(
            Suppression.address_key == address_key(session, address),
            Suppression.channel == channel,
            Suppression.lifted_at.is_(None),
            Suppression.cause.in_(causes),
        )
        .values(lifted_at=clock.now(), lifted_by=by)
        .returning(Suppression.id)
        .execution_options(synchronize_session=False)
    )
    return len(lifted.all())


def wanted_again(session: Session, customer_id: UUID, channel: str, source: str) -> None:
    """A customer said that they want to be written to: their own earlier no holds no more. Harmless to repeat.

    Not where it was said with a booking: whoever knows somebody's number can make one.
    """
    person = crm.contacts(session, [customer_id]).get(customer_id)
    address = (person.phone if channel == "sms" else person.email) if person else None
    if address and source != "booking":
        lift(session, channel, address, source, own_only=True)


def of_address(session: Session, channel: str, address: str) -> list[Standstill]:
    """What holds for an address now, the oldest first."""
    columns = (getattr(Suppression, name) for name in Standstill.__dataclass_fields__)
    statement = select(*columns).where(
        Suppression.address_key == address_key(session, address),
        Suppression.channel == channel,
        Suppression.lifted_at.is_(None),
    )
    return [Standstill(*row) for row in session.execute(statement.order_by(Suppression.id))]


def stops(session: Session, address_keys: Collection[int]) -> dict[tuple[int, str], list[Stop]]:
    """What holds for addresses, by their key and the channel, in one query."""
    columns = (Suppression.address_key, Suppression.channel, Suppression.purpose, Suppression.cause, Suppression.since)
    wanted = literal(list(address_keys), ARRAY(BigInteger))
    statement = select(*columns).where(Suppression.address_key == any_(wanted), Suppression.lifted_at.is_(None))
    found: dict[tuple[int, str], list[Stop]] = defaultdict(list)
    for key, channel, purpose, cause, since in session.execute(statement):
        found[key, channel].append(Stop(purpose, cause, since))
    return found


def _having(session: Session, channel: str, address: str) -> list[Contact]:
    return crm.by_phone(session, address) if channel == "sms" else crm.by_email(session, address)
