"""Reads of the customer file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, text, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from blueprints.crm import errors, rules
from blueprints.crm.models import ADDRESS, EMAIL, ENDING, NOTES, PHONE, WHOLE, Customer
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared
from shopbell.vault.columns import Blind
from shopbell.vault.ring import Ring, ring


@dataclass(frozen=True)
class Contact:
    """How to reach a customer. `phone` is E.164; `tier` is 0 for everybody and 1 to 9 for members."""

    id: UUID
    name: str
    phone: str
    email: str | None
    locale: str
    tier: int = 0


class Caller(NamedTuple):
    """Whom a list shows; the id is text."""

    id: str
    name: str
    phone: str


@dataclass(frozen=True)
class Card:
    """Everything the customer file holds of one person."""

    id: UUID
    name: str
    phone: str
    email: str | None
    locale: str
    tier: int
    notes: str
    created_at: datetime


@dataclass(frozen=True)
class Page:
    """Some customers in the order of their names; `after` leads to the next page, None on the last."""

    customers: list[Contact]
    after: UUID | None


HOUSEHOLD = 20
"""So many people with one number or address are told apart."""
CONTACT = (
    Customer.id,
    Customer.name,
    Customer.phone,
    Customer.phone_sealed,
    Customer.email,
    Customer.email_sealed,
    Customer.locale,
    Customer.tier,
)
ONE = Prepared(select(*CONTACT).where(Customer.id == bindparam("customer")))
CALLERS = Prepared(text("select id, name, phone, phone_sealed from customers where id = any(cast(:ids as uuid[]))"))
Contacts = Select[UUID, str, str | None, bytes | None, str | None, bytes | None, str, int]


def contact(session: Session, customer_id: UUID) -> Contact:
    """Raises UnknownCustomer."""
    rows = ONE.run(session, {"customer": customer_id})
    if not rows:
        raise errors.UnknownCustomer()
    return _contact(ring(session), rows[0])


def by_phone(session: Session, phone_e164: str) -> list[Contact]:
    """Who has this number, the longest known first: a mother and her child may share one."""
    keys = ring(session)
    return _sharing(session, keys, _same(keys, Customer.phone == phone_e164, Customer.phone_key, WHOLE, phone_e164))


def by_email(session: Session, address: str) -> list[Contact]:
    """Who has this address, however it is capitalised, the longest known first."""
    keys, clear = ring(session), func.lower(Customer.email) == address.lower()
    return _sharing(session, keys, _same(keys, clear, Customer.email_key, ADDRESS, address))


def _sharing(session: Session, keys: Ring, matching: ColumnElement[bool]) -> list[Contact]:
    rows = session.execute(select(*CONTACT).where(matching).order_by(Customer.id).limit(HOUSEHOLD))
    return [_contact(keys, row) for row in rows]


def _same(
    keys: Ring, clear: ColumnElement[bool], column: InstrumentedAttribute[int | None], blind: Blind, value: str
) -> ColumnElement[bool]:
    """Rows that hold a value, in clear as far as there are any and by its blind index."""
    ways = [] if keys.finished(PHONE.table) else [clear]
    if keys.seals(PHONE.table):
        ways.append(column == keys.index(blind, value))
    return or_(*ways)


TIER = Prepared(select(Customer.tier).where(Customer.id == bindparam("customer")))


def tier(session: Session, customer_id: UUID) -> int:
    """0 for everybody, and for a customer who is not known."""
    rows = TIER.run(session, {"customer": customer_id})
    return int(rows[0][0]) if rows else 0


def contacts(session: Session, ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Contacts by id, in one query; unknown ids are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    keys, rows = ring(session), session.execute(select(*CONTACT).where(Customer.id.in_(wanted)))
    return {row.id: _contact(keys, row) for row in rows}


def callers(session: Session, ids: Collection[str]) -> dict[str, Caller]:
    """Names and numbers by id, in one query; unknown ids are left out."""
    if not ids:
        return {}
    keys, rows = ring(session), CALLERS.run(session, {"ids": f"{{{','.join(ids)}}}"})
    found = (Caller(str(row), name, _phone(keys, row, clear, sealed)) for row, name, clear, sealed in rows)
    return {caller.id: caller for caller in found}


def tiers(session: Session, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The tiers of customers by id, in one query; unknown ids are left out."""
    rows = session.execute(select(Customer.id, Customer.tier).where(Customer.id.in_(set(ids))))
    return {row.id: row.tier for row in rows}


def card(session: Session, customer_id: UUID) -> Card:
    """Raises UnknownCustomer."""
    columns = (*CONTACT, Customer.notes, Customer.notes_sealed, Customer.created_at)
    row = session.execute(select(*columns).where(Customer.id == customer_id)).first()
    if row is None:
        raise errors.UnknownCustomer()
    keys = ring(session)
    notes = keys.shown(NOTES, row.id, row.notes, row.notes_sealed) or ""
    return Card(**vars(_contact(keys, row)), notes=notes, created_at=row.created_at)


def members(session: Session, *, limit: int, after: UUID | None = None) -> Page:
    """Customers of a tier, the highest first and then by name. Raises BadSearch for a page that is gone."""
    order = (-Customer.tier, Customer.name_key, Customer.id)
    statement = select(*CONTACT).where(Customer.tier > 0).order_by(*order)
    if after is not None:
        last = session.execute(select(*order).where(Customer.id == after, Customer.tier > 0)).first()
        if last is None:
            raise _page_gone()
        statement = statement.where(tuple_(*order) > tuple(last))
    return _page(session, statement, limit)


def search(session: Session, q: str, *, country: str, limit: int, after: UUID | None = None) -> Page:
    """Customers whose name begins like this, whose phone number is this or ends with these digits, or whose e-mail
    address is this. Raises BadSearch.

    `country` is where a number without a calling code is from. `after` is the last id of the page before.
    """
    wanted = rules.search(q, country)
    if wanted.name_prefix is not None:
        return _named(session, wanted.name_prefix, limit, after)
    (statement,) = found_by(session, wanted)
    if after is not None:
        last_key = session.scalar(select(Customer.name_key).where(Customer.id == after))
        if last_key is None:
            raise _page_gone()
        statement = statement.where(tuple_(Customer.name_key, Customer.id) > (last_key, after))
    if not wanted.phones:
        return _page(session, statement, limit)
    # As many have one ending as one in ten thousand customers; more digits than that are compared here.
    keys, rows = ring(session), session.execute(statement)
    return _cut([one for one in (_contact(keys, row) for row in rows) if _fits(one, wanted)], limit)


def found_by(session: Session, wanted: rules.Search) -> tuple[Contacts, ...]:
    """Contacts that may be meant, in the order of their names; of a name, those whose given name begins so come last.

    Either way is a stretch of one index, in its order: a page of the most frequent name reads the rows it shows. One
    statement for both ways reads and sorts them all, or goes through the index of all names.
    """
    prefix = wanted.name_prefix
    if prefix is None:
        matching = _matching(ring(session), wanted)
        return (select(*CONTACT).where(*matching).order_by(Customer.name_key, Customer.id),)
    whole, given = _begins(Customer.name_key, prefix), _begins(Customer.given_key, prefix)
    return (
        select(*CONTACT).where(whole).order_by(Customer.name_key, Customer.id),
        select(*CONTACT).where(given, ~whole).order_by(Customer.given_key, Customer.id),
    )


def _named(session: Session, prefix: str, limit: int, after: UUID | None) -> Page:
    whole, given = found_by(session, rules.Search(name_prefix=prefix))
    ways = [whole, given]
    if after is not None:
        names = select(Customer.name_key, Customer.given_key, _begins(Customer.name_key, prefix))
        last = session.execute(names.where(Customer.id == after)).first()
        if last is None:
            raise _page_gone()
        name_key, given_key, is_whole = last
        ways = [whole.where(tuple_(Customer.name_key, Customer.id) > (name_key, after)), given]
        if not is_whole:
            ways = [given.where(tuple_(Customer.given_key, Customer.id) > (given_key, after))]
    keys, found = ring(session), list[Contact]()
    for way in ways:
        if len(found) <= limit:
            rows = session.execute(way.limit(limit + 1 - len(found)))
            found += [_contact(keys, row) for row in rows]
    return _cut(found, limit)


def _begins(column: InstrumentedAttribute[str], prefix: str) -> ColumnElement[bool]:
    return column.like(f"{prefix}%")


def _page(session: Session, statement: Contacts, limit: int) -> Page:
    keys, rows = ring(session), session.execute(statement.limit(limit + 1))
    return _cut([_contact(keys, row) for row in rows], limit)


def _cut(found: list[Contact], limit: int) -> Page:
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _page_gone() -> errors.BadSearch:
    return rules.bad_search("after", _("This page is gone. Search again from the start."))


def _matching(keys: Ring, wanted: rules.Search) -> list[ColumnElement[bool]]:
    address, ending = wanted.address, wanted.phone_ending
    if address is not None:
        return [_same(keys, func.lower(Customer.email) == address.lower(), Customer.email_key, ADDRESS, address)]
    ways = [_same(keys, Customer.phone == phone, Customer.phone_key, WHOLE, phone) for phone in wanted.phones]
    if ending:
        clear = func.reverse(Customer.phone).like(f"{ending[::-1]}%")
        ways.append(_same(keys, clear, Customer.phone_ending, ENDING, ending))
    return [or_(*ways)] if ways else []


def _fits(found: Contact, wanted: rules.Search) -> bool:
    ending = wanted.phone_ending
    return found.phone in wanted.phones or (ending is not None and found.phone.endswith(ending))


def _contact(keys: Ring, row: Sequence[Any]) -> Contact:
    """Of a row that begins with CONTACT."""
    id_, name, phone, phone_sealed, email, email_sealed, locale, tier = row[: len(CONTACT)]
    phone, email = _phone(keys, id_, phone, phone_sealed), keys.shown(EMAIL, id_, email, email_sealed)
    return Contact(id_, name, phone, email, locale, tier)


def _phone(keys: Ring, customer_id: UUID, clear: str | None, sealed: bytes | None) -> str:
    return keys.shown(PHONE, customer_id, clear, sealed) or ""
