"""Accounts with providers of text messages: what has to be known of one, wherever it is written down.

Those of the installation stand in SHOPBELL_SMS_PROVIDERS, a list in JSON of objects with the members of `SmsProvider`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

PROVIDERS = ("twilio", "alibaba", "tencent", "sns", "smpp")
PURPOSES = ("code", "incident", "transactional", "reminder", "marketing")
KEY = re.compile(r"[a-z][a-z0-9-]{0,30}")
PREFIX = re.compile(r"\+[1-9][0-9]{0,6}")
CURRENCY = re.compile(r"[A-Z]{3}")
SHORTEST_HOOK = 24
MICROS = 1_000_000
"""Millionths of a currency's unit: a text message costs less than its smallest coin."""


@dataclass(frozen=True)
class SmsProvider:
    """An account. `identity` is the public half of its credentials: an account SID, an access key id, a system_id.

    `sender` is the number, name or sign that texts come from, `base` the address it is reached at, when that is not
    the provider's own. `hook` is the part of our callback address that nobody can guess. It takes messages to numbers
    that begin with one of `prefixes` and for one of `purposes`, all of them where there are none. `rate` is in messages
    a second, 0 without a limit. `prices` are millionths of `currency` for a part, by the beginning of the number.
    """

    key: str
    provider: str
    identity: str = ""
    secret: str = field(default="", repr=False)
    sender: str = ""
    base: str = ""
    hook: str = field(default="", repr=False)
    addresses: tuple[str, ...] = ()
    """From where callbacks may come, as networks; from anywhere without any."""
    prefixes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    position: int = 0
    rate: int = 0
    prices: tuple[tuple[str, int], ...] = ()
    currency: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """What only this provider asks for, such as the region or the id of an application."""
    tenant_id: UUID | None = None
    """Whose it is; the installation's own is nobody's."""

    def option(self, name: str, otherwise: str = "") -> str:
        return dict(self.options).get(name) or otherwise

    def serves(self, number: str, purpose: str) -> bool:
        """Whether it may be asked to bring a message for this purpose to this number in E.164."""
        there = not self.prefixes or number.startswith(self.prefixes)
        return there and (not self.purposes or purpose in self.purposes)

    def price(self, number: str) -> int | None:
        """Millionths of the currency for one part; None when nobody said."""
        fitting = [(prefix, micros) for prefix, micros in self.prices if number.startswith(prefix)]
        return max(fitting, key=lambda found: len(found[0]))[1] if fitting else None


def read(text: str) -> tuple[SmsProvider, ...]:
    """The installation's accounts. Raises ValueError with a sentence that names the member."""
    if not text.strip():
        return ()
    try:
        told = json.loads(text)
    except ValueError as error:
        raise ValueError(f"is not JSON: {error}") from None
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise ValueError("must be a list of objects")
    found = tuple(_account(one, place) for place, one in enumerate(told))
    keys = [one.key for one in found]
    if len(set(keys)) < len(keys):
        raise ValueError("names an account twice")
    return found


def _account(told: Mapping[str, Any], place: int) -> SmsProvider:
    name = told.get("key") or f"number {place + 1}"
    unknown = set(told) - set(SmsProvider.__dataclass_fields__) | set(told) & {"tenant_id"}
    if unknown:
        raise ValueError(f"account {name} has a member {min(unknown)!r} that is not known")
    values = {"position": place, **told}
    try:
        account = SmsProvider(
            **{
                **values,
                **{member: tuple(values.get(member, ())) for member in ("addresses", "prefixes", "purposes")},
                "prices": tuple((prefix, round(float(price) * MICROS)) for prefix, price in _pairs(values, "prices")),
                "options": tuple((option, str(value)) for option, value in _pairs(values, "options")),
            }
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"account {name}: {error}") from None
    wrong = _wrong(account)
    if wrong:
        raise ValueError(f"account {name}: {wrong}")
    return account


def _pairs(values: Mapping[str, Any], member: str) -> list[tuple[str, Any]]:
    pairs = values.get(member, {})
    if not isinstance(pairs, dict):
        raise TypeError(f"{member} must be an object")
    return list(pairs.items())


def _wrong(account: SmsProvider) -> str:
    """What is wrong with an account, as the rest of a sentence; nothing when it can work."""
    texts = (account.identity, account.secret, account.sender, account.base, account.hook, account.currency)
    checks = (
        (all(isinstance(text, str) for text in texts), "identity, secret, sender, base, hook and currency are texts"),
        (isinstance(account.key, str) and bool(KEY.fullmatch(account.key)), "key must be like main-2"),
        (account.provider in PROVIDERS, f"provider must be one of {', '.join(PROVIDERS)}"),
        (not account.hook or len(account.hook) >= SHORTEST_HOOK, f"hook needs {SHORTEST_HOOK} characters or more"),
        (all(PREFIX.fullmatch(prefix) for prefix in account.prefixes), "prefixes must be like +84"),
        (all(PREFIX.fullmatch(prefix) for prefix, _ in account.prices), "prices are named by prefixes like +84"),
        (set(account.purposes) <= set(PURPOSES), f"purposes are some of {', '.join(PURPOSES)}"),
        (isinstance(account.rate, int) and account.rate >= 0, "rate must be a whole number"),
        (not account.prices or bool(CURRENCY.fullmatch(account.currency)), "currency must be like CNY"),
    )
    return next((sentence for holds, sentence in checks if not holds), "")
