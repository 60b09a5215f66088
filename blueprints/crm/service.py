"""What can be done with the customer file."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from blueprints.crm import errors, rules
from blueprints.crm.models import EMAIL, NOTES, PHONE, Customer
from blueprints.crm.models import SEALED as COLUMNS
from shopbell import clock, ids
from shopbell.db import table
from shopbell.i18n import gettext as _
from shopbell.i18n import known
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant
from shopbell.vault.ring import Ring, ring
from shopbell.vault.sealing import row_form

_NEW = insert(table(Customer))
_LOCALE = func.coalesce(bindparam("spoken", type_=Text), Customer.locale)


def _upsert(number: InstrumentedAttribute[Any]) -> Prepared:
    changed = _NEW.on_conflict_do_update(index_elements=[number, Customer.name_key], set_={"locale": _LOCALE})
    return Prepared(changed.returning(Customer.id, Customer.email, Customer.email_sealed))


IN_CLEAR, SEALED = _upsert(Customer.phone), _upsert(Customer.phone_key)
CUSTOMERS = PHONE.table


class Recognised(NamedTuple):
    id: UUID
    is_new: bool


def remember(
    session: Session,
    name: str,
    phone_e164: str,
    email: str | None = None,
    locale: str | None = None,
    *,
    in_person: bool = False,
) -> UUID:
    """The id of the customer with this phone and name, written down if new: see recognise."""
    return recognise(session, name, phone_e164, email, locale, in_person=in_person).id


def recognise(
    session: Session,
    name: str,
    phone_e164: str,
    email: str | None = None,
    locale: str | None = None,
    *,
    in_person: bool = False,
) -> Recognised:
    """The customer with this phone and name, written down if new. May be repeated; one statement, unless an address
    is to be changed.

    An e-mail address fills an empty one; it replaces a stored one only when staff heard it `in_person`. Whoever merely
    knows somebody's name and number must not turn that person's messages, with their links, to another address. A given
    language replaces the stored one, a missing one changes nothing. Holds the row until the transaction ends. Raises
    BadName, BadEmail.
    """
    names, address = rules.names(name), rules.email(email)
    keys, customer_id, spoken = ring(session), ids.uuid7(), known(locale, otherwise="") or None
    if keys.seals(CUSTOMERS) and not keys.finished(CUSTOMERS):
        _seal_known(session, keys, phone_e164, names.key)
    values = {
        "id": customer_id,
        "name": names.name,
        "name_key": names.key,
        "given_key": names.given_key,
        **keys.form(PHONE, customer_id, phone_e164),
        **keys.form(EMAIL, customer_id, address),
        "locale": spoken or current_tenant().locale,
        "created_at": clock.now(),
        "spoken": spoken,
    }
    [[found, clear, sealed]] = (SEALED if keys.seals(CUSTOMERS) else IN_CLEAR).run(session, values)
    if address and found != customer_id:
        before = keys.shown(EMAIL, found, clear, sealed)
        if before is None or (in_person and before != address):
            _change(session, found, keys.form(EMAIL, found, address))
    return Recognised(found, is_new=found == customer_id)


def _seal_known(session: Session, keys: Ring, phone_e164: str, name_key: str) -> None:
    """Seal the row in clear of somebody who is about to be found by blind index, while there still are such rows."""
    columns = (Customer.id, Customer.phone, Customer.email, Customer.notes)
    same = (Customer.phone == phone_e164, Customer.name_key == name_key)
    row = session.execute(select(*columns).where(*same).with_for_update()).first()
    if row is not None:
        held = {name: value for name, value in row._mapping.items() if name != "id"}
        _change(session, row.id, row_form(keys, COLUMNS, row.id, held))


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


def _change(session: Session, customer_id: UUID, values: dict[str, Any]) -> None:
    statement = update(Customer).where(Customer.id == customer_id).values(**values)
    if session.scalar(statement.returning(Customer.id)) is None:
        raise errors.UnknownCustomer()


def set_tier(session: Session, customer_id: UUID, tier: int) -> None:
    """Make somebody a member of a tier (1 to 9), or of none (0). Raises UnknownCustomer, BadTier."""
    _change(session, customer_id, {"tier": rules.tier(tier)})


def set_notes(session: Session, customer_id: UUID, notes: str) -> None:
    """Replace the notes. Raises UnknownCustomer, BadNotes."""
    _change(session, customer_id, ring(session).form(NOTES, customer_id, rules.notes(notes)))
