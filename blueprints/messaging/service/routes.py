"""By which account a text message goes out: those that serve its number and purpose, the healthiest first.

`ways` is asked once for a handful of messages, in the transaction that marks them; what it returns is used outside of
any transaction. What came of each attempt is `told` to this process, which writes it down with its next `ways`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms import health
from blueprints.messaging.channels.sms.adapters import adapter, capabilities
from blueprints.messaging.channels.sms.contract import SmsAccount, Template
from blueprints.messaging.channels.sms.health import FULL, Standing, Tally
from blueprints.messaging.channels.sms.tallies import Tallies
from blueprints.messaging.events import ProviderTrouble
from blueprints.messaging.models import SmsHealth, SmsTally
from blueprints.messaging.service import own_accounts, silence
from shopbell import clock, runtime
from shopbell.events import publish
from shopbell.sms_providers import SmsProvider
from shopbell.sms_text import count
from shopbell.tenancy import current_tenant

log = logging.getLogger(__name__)

KNOWN_FOR = timedelta(seconds=2)
"""How long a process goes by what it read of the accounts' health, and keeps what it was told."""
KNOWN_CHAINS = 2000
SIGNED_AT_HOME = "+86"
"""Numbers to which approved texts go with the sign of their sender."""
Outcome = Literal["taken", "troubled"]

_tallies = Tallies()
_read: dict[UUID, tuple[datetime, dict[str, Standing]]] = {}


@dataclass(frozen=True)
class Price:
    """What a message is expected to cost, in millionths of the currency's unit, with the account asked first."""

    account: str
    micros: int
    currency: str


@dataclass(frozen=True)
class Ways:
    """The accounts of a chain and how they are doing. No database behind it."""

    accounts: tuple[SmsProvider, ...]
    shares: Mapping[str, int] = field(default_factory=dict)

    def choose(
        self, message_id: UUID, number: str, purpose: str, templates: Mapping[str, Template] | None = None
    ) -> list[SmsAccount]:
        """The accounts that can bring a message, the one to ask first in front. Always the same for a message, while
        their health stays."""
        return [adapter(one) for one in self._order(message_id, number, purpose, templates or {})]

    def price(
        self,
        message_id: UUID,
        number: str,
        purpose: str,
        segments: int,
        templates: Collection[str] = (),
        body: str = "",
    ) -> Price | None:
        """None when nobody serves the number, or nobody said what it costs. With its `body` a text is counted as it
        arrives: where a sign is put in front of it, that is paid too."""
        given = {key: Template("") for key in templates}
        for one in self._order(message_id, number, purpose, given)[:1]:
            micros = one.price(number)
            if micros is not None:
                parts = count(f"【{one.sender}】{body}").segments if body and _signs(one, number) else segments
                return Price(one.key, micros * parts, one.currency)
        return None

    def account(self, key: str | None) -> SmsAccount | None:
        """The account that was asked before, to ask what became of it; None when there is no such one any more."""
        return next((adapter(one) for one in self.accounts if one.key == key), None)

    def rate(self, key: str) -> int:
        """How many messages a second an account takes; 0 for any number."""
        return next((one.rate for one in self.accounts if one.key == key), 0)

    def _order(
        self, message_id: UUID, number: str, purpose: str, templates: Mapping[str, Template]
    ) -> list[SmsProvider]:
        able = [one for one in self.accounts if capabilities(one).free_text or one.key in templates]
        own = [one for one in able if one.tenant_id]
        order = health.in_order(own, self.shares, message_id, number, purpose)
        # A chain that has an account for this never uses, or falls over to, one that somebody else pays.
        common = [one for one in able if one.tenant_id is None]
        return order or health.in_order(common, self.shares, message_id, number, purpose)


def ways(session: Session) -> Ways:
    """What the current tenant can send by; writes down what this process was told. A constant number of queries."""
    accounts = (*own_accounts.described(session), *runtime.settings().sms_accounts)
    return Ways(accounts, {key: standing.share for key, standing in _standings(session, accounts).items()})


@dataclass(frozen=True)
class AccountState:
    """An account, how far it is trusted, and what came of its last messages (`health.WINDOW`)."""

    account: SmsProvider
    standing: Standing
    tally: Tally


def overview(session: Session) -> list[AccountState]:
    """The accounts of the current tenant, its own first, as all processes see them."""
    accounts = (*own_accounts.described(session), *runtime.settings().sms_accounts)
    keys = [one.key for one in accounts]
    standings, tallies = _standing(session, keys), _window(session, keys, clock.now())
    return [AccountState(one, standings.get(one.key, Standing()), tallies.get(one.key, Tally())) for one in accounts]


def _signs(account: SmsProvider, number: str) -> bool:
    return number.startswith(SIGNED_AT_HOME) and not capabilities(account).free_text


def told(key: str, outcome: Outcome, seconds: float) -> None:
    """What came of an attempt with an account: `troubled` is what was the account's fault (NotNow, InDoubt, and
    RefusedHere with the reason account), `taken` everything that it answered as it should."""
    _tallies.add(key, taken=outcome == "taken", slow=seconds >= health.SLOW_SECONDS)


def forget() -> None:
    """Know nothing of the accounts' health, as a new process."""
    _tallies.clear()
    _read.clear()
    silence.forget()


def _standings(session: Session, accounts: Collection[SmsProvider]) -> dict[str, Standing]:
    now, tenant_id, keys = clock.now(), current_tenant().id, [one.key for one in accounts]
    known = _read.get(tenant_id)
    if known and abs(now - known[0]) < KNOWN_FOR:
        return known[1]
    _write(session, now)
    standings, tallies = _standing(session, keys), _window(session, keys, now)
    for together in ([one for one in accounts if one.tenant_id], [one for one in accounts if not one.tenant_id]):
        for key, (share, why) in health.steps([one.key for one in together], standings, tallies, now).items():
            before = standings.get(key, Standing())
            if _step(session, key, before, share, why, now):
                standings[key] = Standing(share, before.version + 1, now, why)
                _tell(session, next(one for one in together if one.key == key), before, share, why)
    if len(_read) >= KNOWN_CHAINS:
        _read.clear()
    _read[tenant_id] = (now, standings)
    return standings


def _write(session: Session, now: datetime) -> None:
    rows = _tallies.take(now)
    if not rows:
        return
    new = insert(SmsTally)
    counted = {name: getattr(SmsTally, name) + new.excluded[name] for name in ("taken", "troubled", "slow")}
    session.execute(new.on_conflict_do_update(index_elements=["account", "minute", "process"], set_=counted), rows)


def _standing(session: Session, keys: Collection[str]) -> dict[str, Standing]:
    columns = (SmsHealth.account, SmsHealth.share, SmsHealth.version, SmsHealth.changed_at, SmsHealth.reason)
    rows = session.execute(select(*columns).where(SmsHealth.account.in_(keys)))
    return {row.account: Standing(row.share, row.version, row.changed_at, row.reason) for row in rows}


def _window(session: Session, keys: Collection[str], now: datetime) -> dict[str, Tally]:
    sums = (func.sum(SmsTally.taken), func.sum(SmsTally.troubled), func.sum(SmsTally.slow))
    statement = (
        select(SmsTally.account, *sums)
        .where(SmsTally.account.in_(keys), SmsTally.minute > now - health.WINDOW)
        .group_by(SmsTally.account)
    )
    found = {key: Tally(*map(int, counts)) for key, *counts in session.execute(statement)}
    for key, heard in silence.tallies(session, now).items():
        if key in keys:
            found[key] = replace(found.get(key, Tally()), due=heard.due, unheard=heard.unheard)
    return found


def _step(session: Session, key: str, before: Standing, share: int, reason: str, now: datetime) -> bool:
    """Write a change down; False when another process has changed it meanwhile."""
    values = {"share": share, "version": before.version + 1, "reason": reason, "changed_at": now}
    if not before.version:
        first = insert(SmsHealth).values(account=key, **values).on_conflict_do_nothing().returning(SmsHealth.account)
        return session.scalar(first) is not None
    moved = (
        update(SmsHealth)
        .where(SmsHealth.account == key, SmsHealth.version == before.version)
        .values(**values)
        .returning(SmsHealth.account)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(moved) is not None


def _tell(session: Session, account: SmsProvider, before: Standing, share: int, reason: str) -> None:
    worse = share < before.share
    said = (
        "text messages by %s: its share goes from %s to %s hundredths: %s",
        account.key,
        before.share,
        share,
        reason,
    )
    log.log(logging.WARNING if worse else logging.INFO, *said)
    if account.tenant_id and worse and before.share == FULL:
        publish(session, ProviderTrouble(account=account.key, reason=reason))
