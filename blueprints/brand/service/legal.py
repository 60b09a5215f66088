"""Publishing legal texts, and writing down who agreed to which version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.brand.errors import BadBrand, LegalChanged
from blueprints.brand.models import Brand, LegalAgreement, LegalText
from blueprints.brand.queries.legal import numbers, today
from blueprints.brand.rules import LONGEST_LEGAL
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class LegalInput:
    """A version as typed: Markdown by language, in force from a day on."""

    texts: Mapping[str, str]
    valid_from: date | None
    asks: bool = False


def publish_legal(session: Session, kind: str, typed: LegalInput, by: str, number: int) -> int:
    """Publish a version, which nobody changes any more; one without a text takes the page down. Returns its number.

    `number` is the one that it is meant to get. Raises BadBrand naming fields, or LegalChanged.
    """
    session.execute(select(Brand.id).with_for_update())
    last = numbers(session, kind)
    if number != last + 1:
        raise LegalChanged
    texts, valid_from = checked_legal(typed, may_be_empty=last > 0)
    session.add(
        LegalText(
            id=ids.uuid7(),
            kind=kind,
            version=number,
            texts=texts,
            valid_from=valid_from,
            asks=typed.asks and bool(texts),
            author=by,
            published_at=clock.now(),
        )
    )
    session.flush()
    return number


def checked_legal(typed: LegalInput, *, may_be_empty: bool) -> tuple[dict[str, str], date]:
    """The texts by language, empty ones left out, and the day. Raises BadBrand naming fields."""
    checks = Checks()
    texts = {
        locale: typed.texts[locale].replace("\r\n", "\n").replace("\x00", "\ufffd").strip()
        for locale in LOCALES
        if typed.texts.get(locale, "").strip()
    }
    for locale, text in texts.items():
        if len(text) > LONGEST_LEGAL:
            checks.refuse(f"texts.{locale}", _("At most %(count)s characters.", count=LONGEST_LEGAL))
    if not texts and not may_be_empty:
        checks.refuse(f"texts.{next(iter(LOCALES))}", _("Enter this in at least one language."))
    if typed.valid_from is not None and typed.valid_from < today():
        checks.refuse("valid_from", _("Choose a day from today on."))
    valid_from = checks.day("valid_from", typed.valid_from)
    checks.settle(BadBrand)
    return texts, valid_from


@dataclass(frozen=True)
class Agreeing:
    """Who agrees on which occasion (models.OCCASIONS), in which language; with a booking, wish or walk-in that is the
    subject, else the customer. `told_by` somebody of the staff or a program, or ticked by the customer."""

    occasion: str
    subject_id: UUID
    customer_id: UUID | None
    locale: str
    told_by: str = ""


def agree(session: Session, how: Agreeing, legal_ids: Iterable[UUID]) -> None:
    """Write down what a customer agreed to. May be repeated: the first time stands."""
    now, booked = clock.now(), how.occasion == "booking"
    said: dict[str, Any] = {
        "occasion": how.occasion,
        "booking_id": how.subject_id if booked else None,
        "subject_id": None if booked else how.subject_id,
        "customer_id": how.customer_id,
        "locale": how.locale,
        "told_by": how.told_by,
        "agreed_at": now,
    }
    rows = [{"id": ids.uuid7(), "legal_text_id": legal_id, **said} for legal_id in legal_ids]
    if rows:
        session.execute(insert(LegalAgreement).on_conflict_do_nothing(), rows)
