"""E-mail addresses that customers have shown to be theirs: they had the number as well."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.account.models import ConfirmedEmail
from blueprints.account.service import keyed
from blueprints.crm import api as crm
from blueprints.crm.api import Contact

AT_ONCE = 500


def address(person: Contact) -> str:
    """What is hashed of somebody's e-mail address."""
    return f"email:{(person.email or '').lower()}"


def is_confirmed(session: Session, person: Contact) -> bool:
    """Whether the address that is known of them is the one they have shown."""
    statement = select(ConfirmedEmail.email_hash).where(ConfirmedEmail.customer_id == person.id)
    return keyed.fits(address(person), session.scalar(statement))


def confirm(session: Session, person: Contact, at: datetime) -> None:
    """Write down that the address is theirs. May be repeated."""
    values = {"email_hash": keyed.hashed(address(person)), "confirmed_at": at}
    statement = insert(ConfirmedEmail).values(customer_id=person.id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[ConfirmedEmail.customer_id], set_=values))


def reseal(session: Session) -> int:
    """Hash by the secret key of today what an earlier one hashed. Returns how much it was. May be repeated."""
    count, after = 0, UUID(int=0)
    columns = select(ConfirmedEmail.customer_id, ConfirmedEmail.email_hash).order_by(ConfirmedEmail.customer_id)
    while rows := session.execute(columns.where(ConfirmedEmail.customer_id > after).limit(AT_ONCE)).all():
        people, after = crm.contacts(session, [row.customer_id for row in rows]), rows[-1].customer_id
        kept = {row.customer_id: row.email_hash for row in rows}
        fresh = [
            {"customer_id": id_, "email_hash": keyed.hashed(address(person))}
            for id_, person in people.items()
            if keyed.fits(address(person), kept[id_]) and kept[id_] != keyed.hashed(address(person))
        ]
        if fresh:
            session.execute(update(ConfirmedEmail), fresh)
        count += len(fresh)
    return count
