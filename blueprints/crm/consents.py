"""What customers said about being written to: who said what, where, and to which words; and what holds now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, insert, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from blueprints.crm import errors, rules
from blueprints.crm.events import ConsentGiven
from blueprints.crm.models import Consent, Customer
from shopbell import clock, ids
from shopbell.events import publish
from shopbell.i18n import current_locale
from shopbell.i18n import gettext as _

HISTORY = 50
VERSION = 1
"""Of the sentences by which people agree."""


@dataclass(frozen=True)
class Choice:
    """Yes or no to a purpose over a channel."""

    purpose: str
    channel: str
    given: bool


@dataclass(frozen=True)
class Evidence:
    """Where something was said, at which branch, with which booking, and who of the staff wrote it down. `chain` is its
    name in our sentences, where the customer has just read them: they are kept word by word."""

    source: str
    chain: str = ""
    branch_id: UUID | None = None
    booking_id: UUID | None = None
    user_id: UUID | None = None

    def of(self, choice: Choice) -> dict[str, Any]:
        words = consent_words(choice, self.chain) if self.chain else ""
        read = {"words": words, "version": VERSION if words else 0, "locale": current_locale() if words else ""}
        known = {"source": self.source, "branch_id": self.branch_id, "booking_id": self.booking_id}
        return {**asdict(choice), **read, **known, "user_id": self.user_id}


@dataclass(frozen=True)
class Said(Choice):
    """A choice with its evidence, as it was kept."""

    at: datetime
    source: str
    words: str
    version: int
    locale: str
    branch_id: UUID | None
    booking_id: UUID | None
    user_id: UUID | None


Statement = tuple[str, str]
"""A purpose and a channel."""
_COLUMNS = tuple(getattr(Consent, name) for name in Said.__dataclass_fields__)


def consent_words(choice: Choice, chain: str) -> str:
    """The sentence by which somebody agrees to a choice, in the language now spoken; none where no agreement is asked.

    Whoever changes it raises VERSION.
    """
    if not choice.given or rules.usual(choice.purpose):
        return ""
    if choice.channel == "sms":
        return _("%(chain)s may send me offers and news by SMS. I can take this back at any time.", chain=chain)
    return _("%(chain)s may send me offers and news by e-mail. I can take this back at any time.", chain=chain)


def last_said(session: Session, customer_ids: Collection[UUID]) -> dict[UUID, dict[Statement, Said]]:
    """The last word of each customer on each purpose and channel, in one query; who never said anything is left out."""
    statement = (
        select(Consent.customer_id, *_COLUMNS)
        .where(Consent.customer_id == any_(literal(list(customer_ids), ARRAY(Uuid))))
        .ext(distinct_on(Consent.customer_id, Consent.purpose, Consent.channel))
        .order_by(Consent.customer_id, Consent.purpose, Consent.channel, Consent.id.desc())
    )
    found: dict[UUID, dict[Statement, Said]] = {}
    for customer_id, *rest in session.execute(statement) if customer_ids else ():
        said = Said(*rest)
        found.setdefault(customer_id, {})[said.purpose, said.channel] = said
    return found


def choices(session: Session, customer_id: UUID) -> list[Choice]:
    """What holds for a customer, of every purpose and channel. Raises UnknownCustomer."""
    if session.scalar(select(Customer.id).where(Customer.id == customer_id)) is None:
        raise errors.UnknownCustomer()
    said = last_said(session, [customer_id]).get(customer_id, {})
    return [
        Choice(purpose, channel, said[purpose, channel].given if (purpose, channel) in said else rules.usual(purpose))
        for purpose in rules.CONSENT_PURPOSES
        for channel in rules.CONSENT_CHANNELS
    ]


def history(session: Session, customer_id: UUID) -> list[Said]:
    """What a customer said, the latest first."""
    statement = select(*_COLUMNS).where(Consent.customer_id == customer_id).order_by(Consent.id.desc()).limit(HISTORY)
    return [Said(*row) for row in session.execute(statement)]


def say(session: Session, customer_id: UUID, said: Iterable[Choice], evidence: Evidence) -> list[Choice]:
    """Write down what changes something, and return it. Harmless to repeat. Raises UnknownCustomer, BadConsent."""
    rules.check_consent("source", evidence.source, rules.CONSENT_SOURCES)
    before, changed = set(choices(session, customer_id)), []
    for choice in said:
        rules.check_consent("purpose", choice.purpose, rules.CONSENT_PURPOSES)
        rules.check_consent("channel", choice.channel, rules.CONSENT_CHANNELS)
        if choice not in before:
            changed.append(choice)
    if changed:
        about = {"customer_id": customer_id, "at": clock.now()}
        session.execute(insert(Consent), [{"id": ids.uuid7(), **about, **evidence.of(one)} for one in changed])
    for choice in changed:
        if choice.given:
            publish(session, ConsentGiven(customer_id, choice.purpose, choice.channel, evidence.source))
    return changed
