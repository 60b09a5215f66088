"""Pure rules of signing in by a code: what may be typed, how long things hold, how often one may ask."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopbell.mailbox import public_mailbox
from shopbell.phone import BadPhone, masked, normalise

CHANNELS = ("sms", "email")

DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
"""The messages say ten minutes, too."""
MOST_TRIES = 5
CHOICE_LIFE = timedelta(minutes=10)
"""For saying which of several people one is, once the code was right."""

IDLE = timedelta(days=30)
ABSOLUTE = timedelta(days=90)
TOUCH_EVERY = timedelta(minutes=5)
LONGEST_AGENT = 300

HOUR = 3600
CODES_PER_ADDRESS = 15
CODES_PER_ADDRESS_AND_NETWORK = 5
CODES_PER_NETWORK = 60
"""Within an hour. A whole shop with its guests may stand behind one network; strangers elsewhere who ask for somebody's
codes leave them their own."""


@dataclass(frozen=True)
class Address:
    """Where a code goes. A number without a calling code is read as one of each country in which the chain is."""

    channel: str
    readings: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Enough to recognise one's own."""
        first = self.readings[0]
        return masked(first) if self.channel == "sms" else masked_mailbox(first)


def read_address(typed: str, countries: Sequence[str]) -> Address | None:
    """The address that was typed; None for what is none. Raises BadPhone for what looks like a number."""
    text = typed.strip()
    if "@" in text:
        mailbox = public_mailbox(text)
        return Address("email", (mailbox.lower(),)) if mailbox else None
    if not any(character.isdigit() for character in text):
        return None
    return Address("sms", readings(text, countries))


def readings(typed: str, countries: Sequence[str]) -> tuple[str, ...]:
    """The numbers it may be, in E.164, that of the first country first. Raises BadPhone when it is none anywhere."""
    found: list[str] = []
    trouble: BadPhone | None = None
    for country in countries:
        try:
            found.append(normalise(typed, country))
        except BadPhone as error:
            trouble = trouble or error
    if trouble and not found:
        raise trouble
    return tuple(dict.fromkeys(found))


def masked_mailbox(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local[:2]}…@{domain}"


def read_code(typed: str) -> str:
    """The digits that were typed, in whatever script and with whatever between them; empty when there are not six."""
    digits = "".join(str(unicodedata.decimal(character)) for character in typed[:40] if character.isdecimal())
    return digits if len(digits) == DIGITS else ""


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the half of an IPv6 address that names their line."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def is_over(last_seen_at: datetime, expires_at: datetime, at: datetime) -> bool:
    return expires_at <= at or last_seen_at <= at - IDLE
