"""A chain's own accounts with providers of text messages."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.messaging.errors import TooManyAccounts, UnknownAccount
from blueprints.messaging.models import SMS_SECRET, OwnSmsAccount
from shopbell import clock, ids, runtime
from shopbell.config_version import remembered
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _
from shopbell.sms_providers import CURRENCY, PREFIX, PROVIDERS, PURPOSES, SmsProvider
from shopbell.tenancy import current_tenant
from shopbell.text import clean_name
from shopbell.vault import keys
from shopbell.vault.ring import ring
from shopbell.web_address import is_web_address

MOST_ACCOUNTS = 20
LONGEST = 200
HOOK_BYTES = 24
LONGEST_SMPP_PASSWORD = 8
"""SMPP 3.4, 5.2.2: nine octets with the one that ends it."""
NEEDED = {"tencent": ("app",), "alibaba": (), "twilio": (), "sns": ("region",), "smpp": ()}
"""Without these options nothing can be sent."""
HOMES = {
    "twilio": (".twilio.com",),
    "alibaba": (".aliyuncs.com",),
    "tencent": (".tencentcloudapi.com",),
    "sns": (".amazonaws.com", ".amazonaws.com.cn"),
}
"""Where a chain may have its messages sent: what it types is asked by our machines."""


@dataclass(frozen=True)
class AccountInput:
    """What the page asks for; an empty `secret` keeps the one there is."""

    provider: str
    label: str
    identity: str
    secret: str
    sender: str
    base: str
    addresses: tuple[str, ...]
    prefixes: tuple[str, ...]
    purposes: tuple[str, ...]
    options: dict[str, str]
    prices: dict[str, int]
    currency: str
    rate: int
    position: int
    enabled: bool


def account(session: Session, account_id: UUID, *, lock: bool = False) -> OwnSmsAccount:
    """Raises UnknownAccount."""
    found = session.get(OwnSmsAccount, account_id, with_for_update=lock)
    if found is None:
        raise UnknownAccount
    return found


def accounts(session: Session) -> list[OwnSmsAccount]:
    """All of them, in the order in which they are asked."""
    statement = select(OwnSmsAccount).order_by(OwnSmsAccount.position, OwnSmsAccount.id)
    return list(session.scalars(statement))


@remembered
def described(session: Session) -> list[SmsProvider]:
    """Those that are switched on, with their secrets, ready to be used."""
    found = [one for one in accounts(session) if one.enabled]
    opened = ring(session)
    return [
        SmsProvider(
            key=str(one.id),
            provider=one.provider,
            identity=one.identity,
            secret=opened.shown(SMS_SECRET, one.id, "", one.secret_sealed) or "",
            sender=one.sender,
            base=one.base,
            hook=one.hook,
            addresses=tuple(one.addresses),
            prefixes=tuple(one.prefixes),
            purposes=tuple(one.purposes),
            position=one.position,
            rate=one.rate,
            prices=tuple((prefix, int(price)) for prefix, price in sorted(one.prices.items())),
            currency=one.currency,
            options=tuple((name, str(value)) for name, value in sorted(one.options.items())),
            tenant_id=current_tenant().id,
        )
        for one in found
    ]


def add(session: Session, wanted: AccountInput) -> OwnSmsAccount:
    """Raises Invalid naming the fields, TooManyAccounts."""
    checked = _checked(wanted, new=True)
    if (session.scalar(select(func.count()).select_from(OwnSmsAccount)) or 0) >= MOST_ACCOUNTS:
        raise TooManyAccounts(_("Remove one that is no longer used; there may be %(n)s.", n=MOST_ACCOUNTS))
    made = OwnSmsAccount(
        id=ids.uuid7(), provider=checked.provider, hook=secrets.token_urlsafe(HOOK_BYTES), created_at=clock.now()
    )
    _write(session, made, checked)
    session.add(made)
    session.flush()
    return made


def change(session: Session, account_id: UUID, wanted: AccountInput) -> OwnSmsAccount:
    """The provider stays what it is. Raises Invalid naming the fields, UnknownAccount."""
    found = account(session, account_id, lock=True)
    checked = _checked(wanted, new=False)
    _write(session, found, checked)
    session.flush()
    return found


def remove(session: Session, account_id: UUID) -> None:
    """Forget an account and its secret; messages keep its name. Raises UnknownAccount."""
    session.delete(account(session, account_id, lock=True))
    session.flush()


def _write(session: Session, row: OwnSmsAccount, checked: AccountInput) -> None:
    row.label, row.identity, row.sender, row.base = checked.label, checked.identity, checked.sender, checked.base
    row.addresses, row.prefixes, row.purposes = list(checked.addresses), list(checked.prefixes), list(checked.purposes)
    row.options, row.prices, row.currency = dict(checked.options), dict(checked.prices), checked.currency
    row.rate, row.position, row.enabled = checked.rate, checked.position, checked.enabled
    if checked.secret:
        row.secret_sealed = keys.at_hand(session).form(SMS_SECRET, row.id, checked.secret)["secret_sealed"]


def _checked(wanted: AccountInput, *, new: bool) -> AccountInput:
    """Raises Invalid naming every field that cannot be."""
    fields: dict[str, str] = {}
    if wanted.provider not in PROVIDERS:
        fields["provider"] = _("Choose a provider.")
    label = clean_name(wanted.label)
    if not label or len(label) > LONGEST:
        fields["label"] = _("Give it a name by which you know it.")
    for name in ("identity", "sender"):
        if len(getattr(wanted, name)) > LONGEST:
            fields[name] = _("At most %(n)s characters.", n=LONGEST)
    if not wanted.identity:
        fields["identity"] = _("Your provider shows it beside the secret.")
    if new and not wanted.secret:
        fields["secret"] = _("Enter the secret.")
    if wanted.provider == "smpp" and len(wanted.secret) > LONGEST_SMPP_PASSWORD:
        fields["secret"] = _("A password of SMPP has at most %(n)s characters.", n=LONGEST_SMPP_PASSWORD)
    if not _reaches(wanted):
        fields["base"] = _("One of the provider's own addresses, or host:port for SMPP.")
    fields |= _wrong_lists(wanted)
    missing = [f"option.{name}" for name in NEEDED.get(wanted.provider, ()) if not wanted.options.get(name)]
    fields |= dict.fromkeys(missing, _("This provider needs it."))
    if fields:
        raise Invalid(fields=fields)
    return AccountInput(**{**vars(wanted), "label": label})


def _wrong_lists(wanted: AccountInput) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not all(PREFIX.fullmatch(prefix) for prefix in wanted.prefixes):
        fields["prefixes"] = _("The beginnings of numbers, such as +86 +84.")
    if not set(wanted.purposes) <= set(PURPOSES):
        fields["purposes"] = _("Choose from the list.")
    if not all(PREFIX.fullmatch(prefix) and price >= 0 for prefix, price in wanted.prices.items()):
        fields["prices"] = _("A beginning of numbers and the price of a part on each line, such as +86 0.045.")
    if wanted.prices and not CURRENCY.fullmatch(wanted.currency):
        fields["currency"] = _("Three capital letters, such as CNY.")
    if not all(_is_network(text) for text in wanted.addresses):
        fields["addresses"] = _("Addresses or networks, such as 203.0.113.0/24.")
    if wanted.rate < 0:
        fields["rate"] = _("A whole number, 0 for no limit.")
    return fields


def _reaches(wanted: AccountInput) -> bool:
    if wanted.provider == "smpp":
        host, colon, port = wanted.base.removeprefix("tls://").rpartition(":")
        return bool(host and colon and port.isdigit())
    if not wanted.base:
        return True
    live = runtime.settings().is_production
    if not is_web_address(wanted.base, plain=not live, longest=LONGEST):
        return False
    return not live or (urlsplit(wanted.base).hostname or "").endswith(HOMES.get(wanted.provider, ()))


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
