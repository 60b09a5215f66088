"""What can be done with the customer file."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text, bindparam, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.crm import errors, rules
from blueprints.crm.models import Customer
from shopbell import clock, ids
from shopbell.db import run, table
from shopbell.i18n import known
from shopbell.tenancy import current_tenant

_NEW = insert(table(Customer))
REMEMBER = _NEW.on_conflict_do_update(
    index_elements=[Customer.phone, Customer.name_key],
    set_={
        "email": func.coalesce(_NEW.excluded.email, Customer.email),
        "locale": func.coalesce(bindparam("spoken", type_=Text), Customer.locale),
    },
).returning(Customer.id)


def remember(session: Session, name: str, phone_e164: str, email: str | None = None, locale: str | None = None) -> UUID:
    """The customer with this phone and name, written down if new. One statement; may be repeated.

    A given e-mail address or language replaces the stored one, a missing one changes nothing. Holds the row until the
    transaction ends. Raises BadName, BadEmail.
    """
    names = rules.names(name)
    spoken = known(locale, otherwise="") or None
    values = {
        "id": ids.uuid7(),
        "name": names.name,
        "name_key": names.key,
        "given_key": names.given_key,
        "phone": phone_e164,
        "email": rules.email(email),
        "locale": spoken or current_tenant().locale,
        "created_at": clock.now(),
        "spoken": spoken,
    }
    found: UUID = run(session, REMEMBER, values).scalar_one()
    return found


def set_notes(session: Session, customer_id: UUID, notes: str) -> None:
    """Replace the notes. Raises UnknownCustomer, BadNotes."""
    statement = update(Customer).where(Customer.id == customer_id).values(notes=rules.notes(notes))
    if session.scalar(statement.returning(Customer.id)) is None:
        raise errors.UnknownCustomer()
