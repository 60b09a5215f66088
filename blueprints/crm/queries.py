"""Reads of the customer file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from blueprints.crm import errors, rules
from blueprints.crm.models import Customer
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared


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
CONTACT = (Customer.id, Customer.name, Customer.phone, Customer.email, Customer.locale, Customer.tier)
CALLERS = Prepared(text("select id::text, name, phone from customers where id = any(cast(:ids as uuid[]))"))
ContactRow = Row[UUID, str, str, str | None, str, int]
Contacts = Select[UUID, str, str, str | None, str, int]


def contact(session: Session, customer_id: UUID) -> Contact:
    """Raises UnknownCustomer."""
    row = session.execute(select(*CONTACT).where(Customer.id == customer_id)).first()
    if row is None:
        raise errors.UnknownCustomer()
    return _contact(row)


def by_phone(session: Session, phone_e164: str) -> list[Contact]:
    """Who has this number, the longest known first: a mother and her child may share one."""
    return _sharing(session, Customer.phone == phone_e164)


def by_email(session: Session, address: str) -> list[Contact]:
    """Who has this address, however it is capitalised, the longest known first."""
    return _sharing(session, func.lower(Customer.email) == address.lower())


def _sharing(session: Session, matching: ColumnElement[bool]) -> list[Contact]:
    rows = session.execute(select(*CONTACT).where(matching).order_by(Customer.id).limit(HOUSEHOLD))
    return [_contact(row) for row in rows]


def tier(session: Session, customer_id: UUID) -> int:
    """0 for everybody, and for a customer who is not known."""
    return session.scalar(select(Customer.tier).where(Customer.id == customer_id)) or 0


def contacts(session: Session, ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Contacts by id, in one query; unknown ids are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(*CONTACT).where(Customer.id.in_(wanted)))
    return {row.id: _contact(row) for row in rows}


def callers(session: Session, ids: Collection[str]) -> dict[str, Caller]:
    """Names and numbers by id, in one query; unknown ids are left out."""
    if not ids:
        return {}
    rows = CALLERS.run(session, {"ids": f"{{{','.join(ids)}}}"})
    return {row[0]: Caller(*row) for row in rows}


def tiers(session: Session, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The tiers of customers by id, in one query; unknown ids are left out."""
    rows = session.execute(select(Customer.id, Customer.tier).where(Customer.id.in_(set(ids))))
    return {row.id: row.tier for row in rows}


def card(session: Session, customer_id: UUID) -> Card:
    """Raises UnknownCustomer."""
    columns = (*CONTACT, Customer.notes, Customer.created_at)
    row = session.execute(select(*columns).where(Customer.id == customer_id)).first()
    if row is None:
        raise errors.UnknownCustomer()
    return Card(**row._mapping)


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
    """Customers whose name begins like this, or whose phone begins or ends with these digits. Raises BadSearch.

    `country` is where a number without a calling code is from. `after` is the last id of the page before.
    """
    statement = found_by(q, country)
    if after is not None:
        last_key = session.scalar(select(Customer.name_key).where(Customer.id == after))
        if last_key is None:
            raise _page_gone()
        statement = statement.where(tuple_(Customer.name_key, Customer.id) > (last_key, after))
    return _page(session, statement, limit)


def _page(session: Session, statement: Contacts, limit: int) -> Page:
    rows = session.execute(statement.limit(limit + 1)).all()
    customers = [_contact(row) for row in rows[:limit]]
    return Page(customers, customers[-1].id if len(rows) > limit else None)


def _page_gone() -> errors.BadSearch:
    return rules.bad_search("after", _("This page is gone. Search again from the start."))


def found_by(q: str, country: str) -> Contacts:
    """Contacts this search means, in the order of their names. Raises BadSearch."""
    return select(*CONTACT).where(*_matching(rules.search(q, country))).order_by(Customer.name_key, Customer.id)


def _matching(wanted: rules.Search) -> list[ColumnElement[bool]]:
    prefix = wanted.name_prefix
    if prefix is not None:
        return [or_(Customer.name_key.like(f"{prefix}%"), Customer.given_key.like(f"{prefix}%"))]
    ways = [Customer.phone.like(f"{beginning}%") for beginning in wanted.phone_prefixes]
    if wanted.phone_ending:
        ways.append(func.reverse(Customer.phone).like(f"{wanted.phone_ending[::-1]}%"))
    return [or_(*ways)] if ways else []


def _contact(row: ContactRow) -> Contact:
    return Contact(row.id, row.name, row.phone, row.email, row.locale, row.tier)
