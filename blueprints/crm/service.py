"""What can be done with the customer file."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blueprints.crm import errors, rules
from blueprints.crm.models import Customer
from shopbell import clock, ids
from shopbell.db import table
from shopbell.i18n import gettext as _
from shopbell.i18n import known
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant

_NEW = insert(table(Customer))
_LOCALE = func.coalesce(bindparam("spoken", type_=Text), Customer.locale)


def _upsert(email: ColumnElement[str]) -> Prepared:
    key = [Customer.phone, Customer.name_key]
    changed = {"email": email, "locale": _LOCALE}
    return Prepared(_NEW.on_conflict_do_update(index_elements=key, set_=changed).returning(Customer.id))


REMEMBER = _upsert(func.coalesce(Customer.email, _NEW.excluded.email))
CORRECT = _upsert(func.coalesce(_NEW.excluded.email, Customer.email))


def remember(
    session: Session,
    name: str,
    phone_e164: str,
    email: str | None = None,
    locale: str | None = None,
    *,
    in_person: bool = False,
) -> UUID:
    """The customer with this phone and name, written down if new. One statement; may be repeated.

    An e-mail address fills an empty one; it replaces a stored one only when staff heard it `in_person`. Whoever merely
    knows somebody's name and number must not turn that person's messages, with their links, to another address. A given
    language replaces the stored one, a missing one changes nothing. Holds the row until the transaction ends. Raises
    BadName, BadEmail.
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
    [[found]] = (CORRECT if in_person else REMEMBER).run(session, values)
    return cast(UUID, found)


def rename(session: Session, customer_id: UUID, name: str) -> None:
    """Correct somebody's name. Raises UnknownCustomer, BadName; NameTaken when the number is known under that name
    already, and the transaction stays usable."""
    names = rules.names(name)
    values = {"name": names.name, "name_key": names.key, "given_key": names.given_key}
    try:
        with session.begin_nested():
            _change(session, customer_id, values)
    except IntegrityError:
        sentence = _("There is already somebody of this name with this number.")
        raise errors.NameTaken(sentence, fields={"name": sentence}) from None


def speak(session: Session, customer_id: UUID, locale: str) -> None:
    """Write to somebody in this language from now on; an unknown one changes nothing. Raises UnknownCustomer."""
    if known(locale, otherwise=""):
        _change(session, customer_id, {"locale": known(locale)})


def _change(session: Session, customer_id: UUID, values: dict[str, str]) -> None:
    statement = update(Customer).where(Customer.id == customer_id).values(**values)
    if session.scalar(statement.returning(Customer.id)) is None:
        raise errors.UnknownCustomer()


def set_tier(session: Session, customer_id: UUID, tier: int) -> None:
    """Make somebody a member of a tier (1 to 9), or of none (0). Raises UnknownCustomer, BadTier."""
    statement = update(Customer).where(Customer.id == customer_id).values(tier=rules.tier(tier))
    if session.scalar(statement.returning(Customer.id)) is None:
        raise errors.UnknownCustomer()


def set_notes(session: Session, customer_id: UUID, notes: str) -> None:
    """Replace the notes. Raises UnknownCustomer, BadNotes."""
    statement = update(Customer).where(Customer.id == customer_id).values(notes=rules.notes(notes))
    if session.scalar(statement.returning(Customer.id)) is None:
        raise errors.UnknownCustomer()
