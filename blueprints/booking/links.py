"""The signed address under which a customer looks after one appointment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shopbell import runtime
from shopbell.tenancy import current_tenant

PATH = "/m/"


def _purpose() -> str:
    # The tenant is part of what is signed: a link of one chain means nothing at another's address.
    return f"manage:{current_tenant().id}"


def manage_token(booking_id: UUID, expires_at: datetime) -> str:
    return runtime.signer().sign_compact(_purpose(), booking_id, expires_at)


def manage_link(booking_id: UUID, expires_at: datetime) -> str:
    """The full address, short enough for a text message."""
    return runtime.settings().tenant_url(current_tenant().host) + PATH + manage_token(booking_id, expires_at)


def read_manage_token(token: str, at: datetime) -> UUID:
    """Raises shopbell.crypto.ExpiredToken or BadToken."""
    return runtime.signer().read_compact(_purpose(), token, at)
