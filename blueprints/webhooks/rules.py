"""Pure rules: what events are called, how they are signed, when to try again, which addresses may be told."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from shopbell.text import N_
from shopbell.web_address import is_web_address

TYPES = {
    "booking.created": N_("An appointment was made"),
    "booking.requested": N_("An appointment was asked for"),
    "booking.moved": N_("An appointment was moved"),
    "booking.cancelled": N_("An appointment was cancelled"),
    "booking.status_changed": N_("An appointment's state has changed"),
    "waitlist.joined": N_("Somebody joined the waitlist"),
    "waitlist.accepted": N_("An offer of the waitlist was accepted"),
}
TEST = "webhook.test"
"""Sent by the button on the page; every endpoint gets it."""

PREFIX = "whsec_"
SECRET_BYTES = 32
BOTH_SECRETS = timedelta(hours=24)
LONGEST_URL = 2000

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200, 43200, 43200, 43200)
)
"""After the first failure, the second, ...: a little over three days, so that a weekend's outage loses nothing."""
JITTER = 0.2
PATIENCE = timedelta(days=5)
"""An endpoint at which nothing has arrived for so long is switched off."""


def new_secret() -> str:
    """As Standard Webhooks writes it: the prefix and base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 over "id.seconds.body" (Standard Webhooks 1.0). Raises ValueError for a secret
    that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is base64 after its prefix") from error
    content = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def headers(signing: Iterable[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with a body signed by each of the secrets."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shopbell/1 webhook",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signature(secret, message_id, at, body) for secret in signing),
    }


def next_try(attempts: int, at: datetime, chance: float) -> datetime | None:
    """When to try again after so many failed tries; None: never. `chance` from 0 to 1 spreads those that failed
    together."""
    if attempts > len(WAITS):
        return None
    return at + WAITS[attempts - 1] * (1 + JITTER * (2 * chance - 1))


def is_receiver(url: str, *, plain: bool) -> bool:
    """Whether an address can be told: https with a host and no password; `plain` lets http be enough."""
    return is_web_address(url, plain=plain, longest=LONGEST_URL)
