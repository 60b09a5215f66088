"""The signed address under which a customer reviews one visit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from blueprints.reviews.rules.asking import LINK_LIFE
from shopbell import runtime
from shopbell.tenancy import current_tenant

PATH = "/r/"


def review_token(booking_id: UUID, ended_at: datetime) -> str:
    """Good for a month after the visit's end."""
    return runtime.signer().sign_compact(_purpose(), booking_id, ended_at + LINK_LIFE)


def review_link(booking_id: UUID, ended_at: datetime) -> str:
    """The full address, short enough for a text message."""
    return runtime.settings().tenant_url(current_tenant().host) + PATH + review_token(booking_id, ended_at)


def read_review_token(token: str, at: datetime) -> UUID:
    """Raises shopbell.crypto.ExpiredToken or BadToken."""
    return runtime.signer().read_compact(_purpose(), token, at)


def _purpose() -> str:
    return f"review:{current_tenant().id}"
