"""The signed addresses under which a customer says what they want to be told, and refuses advertising at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shopbell import clock, runtime
from shopbell.tenancy import current_tenant

PREFERENCES, UNSUBSCRIBE = "/preferences/", "/unsubscribe/"
LIFE = timedelta(days=400)
"""The law asks for a month (China, for e-mail); people unsubscribe from what they find a year later."""


def preferences_link(customer_id: UUID) -> str:
    """The page of a customer's wishes; short enough for a text message."""
    return _link(PREFERENCES, customer_id)


def unsubscribe_link(customer_id: UUID) -> str:
    """Ends advertising by e-mail: by one POST of a mail program (RFC 8058), or with a button for people."""
    return _link(UNSUBSCRIBE, customer_id)


def read_preferences_token(token: str, at: datetime) -> UUID:
    """Raises shopbell.crypto.ExpiredToken or BadToken."""
    return runtime.signer().read_compact(_purpose(PREFERENCES), token, at)


def read_unsubscribe_token(token: str, at: datetime) -> UUID:
    """Raises shopbell.crypto.ExpiredToken or BadToken."""
    return runtime.signer().read_compact(_purpose(UNSUBSCRIBE), token, at)


def _link(path: str, customer_id: UUID) -> str:
    token = runtime.signer().sign_compact(_purpose(path), customer_id, clock.now() + LIFE)
    return runtime.settings().tenant_url(current_tenant().host) + path + token


def _purpose(path: str) -> str:
    # The tenant is part of what is signed: a link of one chain means nothing at another's address.
    return f"{path.strip('/')}:{current_tenant().id}"
