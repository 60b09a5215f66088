"""Addresses that stand in messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shopbell import runtime
from shopbell.crypto import Signer
from shopbell.tenancy import current_tenant

#: The link stays good for a while after the appointment, to look up what it was.
LINK_OUTLIVES = timedelta(days=7)


def manage_link(booking_id: UUID, starts_at: datetime) -> str:
    """The address where the customer sees, moves or cancels this booking."""
    settings, tenant = runtime.settings(), current_tenant()
    signer = Signer(settings.secret_key)
    token = signer.sign_compact(f"booking.manage:{tenant.id}", booking_id, starts_at + LINK_OUTLIVES)
    return f"{home_link()}m/{token}"


def home_link() -> str:
    """The tenant's booking pages."""
    return f"{runtime.settings().tenant_url(current_tenant().host)}/"


def receipt_link(message_id: UUID) -> str:
    """Where the provider reports what became of a message."""
    return f"{home_link()}hooks/twilio/{message_id}"
