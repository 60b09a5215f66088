"""The signed address of a feed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shopbell import runtime
from shopbell.tenancy import current_tenant

LIFE = timedelta(days=20 * 365)


def _purpose() -> str:
    # The tenant is part of what is signed: an address of one chain means nothing at another's.
    return f"feed:{current_tenant().id}"


def feed_token(feed_id: UUID, created_at: datetime) -> str:
    return runtime.signer().sign_compact(_purpose(), feed_id, created_at + LIFE)


def feed_link(feed_id: UUID, created_at: datetime) -> str:
    """The full address."""
    token = feed_token(feed_id, created_at)
    return f"{runtime.settings().tenant_url(current_tenant().host)}/feeds/{token}.ics"


def page_link(feed_id: UUID, created_at: datetime) -> str:
    """The full address of the page about it, for people."""
    return f"{runtime.settings().tenant_url(current_tenant().host)}/calendar/{feed_token(feed_id, created_at)}"


def subscribe_link(address: str) -> str:
    """The address in the form that opens a calendar program."""
    return "webcal://" + address.split("://", 1)[1]


def read_feed_token(token: str, at: datetime) -> UUID:
    """Raises shopbell.crypto.ExpiredToken or BadToken."""
    return runtime.signer().read_compact(_purpose(), token, at)
