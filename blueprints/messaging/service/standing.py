"""What is known about messages before any of them is decided: a constant number of queries, however many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.crm import api as crm
from blueprints.messaging import settings
from blueprints.messaging.gate import hours
from blueprints.messaging.gate.checks import Standing, Word
from blueprints.messaging.gate.laws import ELSEWHERE, Cap, Law, law_of
from blueprints.messaging.gate.stops import ASKED_FOR, Stop
from blueprints.messaging.gate.values import MARKETING, Envelope
from blueprints.messaging.models import ADDRESS_KEY
from blueprints.messaging.service.suppressions import stops
from shopbell import clock, phone
from shopbell.money import minor_digits
from shopbell.spans import Span
from shopbell.tenancy import current_tenant
from shopbell.vault import keys
from tenants.settings import store
from tenants.settings.rules import Path, Said, path_to

MICRO_DIGITS = 6
"""Costs are in millionths of a currency's unit."""


class Ground:
    """Everything that was read for some messages."""

    def __init__(
        self,
        now: datetime,
        said: Said,
        branches: Mapping[UUID, BranchView],
        words: Mapping[UUID, Mapping[tuple[str, str], Word]],
        address_keys: Mapping[str, int],
        stopped: Mapping[tuple[int, str], Sequence[Stop]],
    ) -> None:
        self.now = now
        self.said = said
        self.address_keys = address_keys
        self._branches = branches
        self._words = words
        self._stopped = stopped
        self._known_hours: dict[tuple[str, UUID | None], Span | None] = {}

    def standing(self, envelope: Envelope) -> Standing:
        key = self.address_keys[envelope.recipient]
        words = self._words.get(envelope.customer_id, {}) if envelope.customer_id else {}
        return Standing(
            law=self.law(envelope) if envelope.purpose == MARKETING else ELSEWHERE,
            zone=self.zone(envelope),
            hours=self.hours(envelope.purpose, envelope.branch_id),
            word=words.get((envelope.purpose, envelope.channel)),
            stops=self._stopped.get((key, envelope.channel), ()),
        )

    def law(self, envelope: Envelope) -> Law:
        """The law of the country of a number; of a mailbox, which has none, the branch's or the chain's."""
        if envelope.channel == "sms":
            return law_of(phone.country(envelope.recipient))
        branch = self._branch(envelope)
        return law_of((phone.country(branch.phone) if branch else "") or current_tenant().country)

    def zone(self, envelope: Envelope) -> ZoneInfo:
        """The branch's, as people live near it; without one the number's; else the chain's."""
        branch, home = self._branch(envelope), current_tenant().time_zone
        if branch is not None:
            return clock.zone(branch.time_zone)
        possible = phone.zones(envelope.recipient) if envelope.channel == "sms" else ()
        return clock.zone(home if home in possible or not possible else possible[0])

    def caps(self, envelope: Envelope) -> list[Cap]:
        """The law's and the chain's own ones."""
        law = self.law(envelope).caps.get(envelope.channel) if envelope.purpose == MARKETING else None
        own = settings.caps(self.said, path_to(), self.today, envelope.purpose, envelope.channel)
        return [*([law] if law else ()), *own]

    def path(self, branch_id: UUID | None) -> Path:
        branch = self._branches.get(branch_id) if branch_id else None
        return catalog.path_of(branch) if branch else path_to()

    def limit_micros(self, envelope: Envelope) -> int | None:
        """The budget that a message is taken from; None for no limit, and for one in another currency."""
        if not envelope.branch_id:
            return None
        minor = settings.budget(self.said, self.path(envelope.branch_id), self.today, envelope.currency)
        return None if minor is None else minor * int(10 ** (MICRO_DIGITS - minor_digits(envelope.currency)))

    def stops_without_budget(self, envelope: Envelope) -> bool:
        if envelope.purpose == MARKETING or envelope.purpose in ASKED_FOR:
            return envelope.purpose == MARKETING
        return bool(self.said.value(settings.BUDGET_STOPS, self.path(envelope.branch_id), self.today))

    def hours(self, purpose: str, branch_id: UUID | None) -> Span | None:
        """The chain's own hours at a branch; the same for every message of a purpose there."""
        key = settings.HOURS.get(purpose)
        if key is None:
            return None
        about = purpose, branch_id
        if about not in self._known_hours:
            self._known_hours[about] = hours.read(self.said.value(key, self.path(branch_id), self.today))
        return self._known_hours[about]

    def _branch(self, envelope: Envelope) -> BranchView | None:
        return self._branches.get(envelope.branch_id) if envelope.branch_id else None

    @cached_property
    def today(self) -> date:
        return clock.local_minutes(self.now, clock.zone(current_tenant().time_zone))[0]


def ground(session: Session, envelopes: Sequence[Envelope], now: datetime) -> Ground:
    """Read what is needed to decide about these messages."""
    ring = keys.at_hand(session)
    address_keys = {one.recipient: ring.index(ADDRESS_KEY, one.recipient) for one in envelopes}
    branches = {one.branch_id for one in envelopes if one.branch_id}
    customers = {one.customer_id for one in envelopes if one.customer_id}
    words = {
        customer_id: {about: Word(last.given, last.at, last.source) for about, last in said.items()}
        for customer_id, said in crm.last_said(session, customers).items()
    }
    return Ground(
        now,
        store.said(session),
        catalog.branches_by_id(session, branches),
        words,
        address_keys,
        stops(session, set(address_keys.values())),
    )
