"""Legal texts: the version in force, earlier ones, and who agreed to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from blueprints.brand.errors import UnknownVersion
from blueprints.brand.models import LegalAgreement, LegalText
from blueprints.brand.rules import LEGAL, Words
from shopbell import clock
from shopbell.tenancy import current_tenant


@dataclass(frozen=True)
class LegalRef:
    """A legal page that is there now. `asks`: customers agree to this version before they book."""

    kind: str
    id: str
    version: int
    asks: bool

    @property
    def name(self) -> str:
        """A msgid."""
        return LEGAL[self.kind]


@dataclass(frozen=True)
class LegalView:
    """A version of a legal text; without `texts` it took the page down."""

    id: UUID
    kind: str
    version: int
    texts: Words
    valid_from: date
    asks: bool
    author: str
    published_at: datetime

    @property
    def name(self) -> str:
        """A msgid."""
        return LEGAL[self.kind]


_COLUMNS = (
    LegalText.id,
    LegalText.kind,
    LegalText.version,
    LegalText.texts,
    LegalText.valid_from,
    LegalText.asks,
    LegalText.author,
    LegalText.published_at,
)
_NEWEST = (LegalText.valid_from.desc(), LegalText.version.desc())


def today() -> date:
    return clock.local_minutes(clock.now(), clock.zone(current_tenant().time_zone))[0]


def _in_force() -> ScalarSelect[Any]:
    newest = (
        select(LegalText.kind, LegalText.id, LegalText.version, LegalText.asks, LegalText.texts)
        .where(LegalText.valid_from <= bindparam("today"))
        .ext(distinct_on(LegalText.kind))
        .order_by(LegalText.kind, *_NEWEST)
        .subquery()
    )
    rows = func.jsonb_agg(func.jsonb_build_array(newest.c.kind, newest.c.id, newest.c.version, newest.c.asks))
    there = select(rows).select_from(newest).where(newest.c.texts != func.jsonb_build_object())
    return there.scalar_subquery()


IN_FORCE = _in_force()
"""For a query on the look: the pages in force `today`, as LegalRef's values; null where there are none."""


def legal(session: Session, kind: str, number: int | None = None) -> LegalView:
    """The version in force today, or one by its number. Raises UnknownVersion, also for a page that was taken down."""
    statement = select(*_COLUMNS).where(LegalText.kind == kind)
    if number is None:
        statement = statement.where(LegalText.valid_from <= today()).order_by(*_NEWEST).limit(1)
    else:
        statement = statement.where(LegalText.version == number)
    row = session.execute(statement).first()
    if row is None or not row.texts:
        raise UnknownVersion
    return LegalView(*row)


def legal_kinds(session: Session) -> dict[str, LegalView | None]:
    """Every kind with the version in force today, None where there never was one."""
    statement = select(*_COLUMNS).where(LegalText.valid_from <= today()).ext(distinct_on(LegalText.kind))
    found = {row.kind: LegalView(*row) for row in session.execute(statement.order_by(LegalText.kind, *_NEWEST))}
    return {kind: found.get(kind) for kind in LEGAL}


def history(session: Session, kind: str, offset: int, count: int) -> list[tuple[LegalView, int]]:
    """The versions of a kind, newest first, each with how often it was agreed to."""
    agreed = (
        select(func.count()).where(LegalAgreement.legal_text_id == LegalText.id).correlate(LegalText).scalar_subquery()
    )
    statement = select(*_COLUMNS, agreed).where(LegalText.kind == kind).order_by(LegalText.version.desc())
    return [(LegalView(*row[:-1]), row[-1]) for row in session.execute(statement.offset(offset).limit(count))]


def numbers(session: Session, kind: str) -> int:
    """How many versions there are of a kind; the last one has this number."""
    return session.scalar(select(func.coalesce(func.max(LegalText.version), 0)).where(LegalText.kind == kind)) or 0


def agreed_by(session: Session, customer_id: UUID) -> set[UUID]:
    """The versions that a customer has ever agreed to."""
    found = select(LegalAgreement.legal_text_id).where(LegalAgreement.customer_id == customer_id).distinct()
    return set(session.scalars(found))


def agreed_in(session: Session, booking_ids: Sequence[UUID]) -> list[LegalRef]:
    """What was agreed to with any of these bookings."""
    statement = (
        select(LegalText.kind, LegalText.id, LegalText.version, LegalText.asks)
        .join(LegalAgreement, LegalAgreement.legal_text_id == LegalText.id)
        .where(LegalAgreement.booking_id.in_(booking_ids))
        .order_by(LegalText.kind, LegalText.version)
        .distinct()
    )
    return [LegalRef(kind, str(id_), version, asks) for kind, id_, version, asks in session.execute(statement)]
