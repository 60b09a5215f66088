"""Addresses of ours that stand in messages or are given to a provider."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from blueprints.brand.api import BrandView
from shopbell import clock, runtime
from shopbell.crypto import Signer
from shopbell.tenancy import current_tenant

MAIL_LIFE = timedelta(days=730)


def home_link() -> str:
    """The tenant's booking pages."""
    return f"{runtime.settings().tenant_url(current_tenant().host)}/"


def logo_link(look: BrandView) -> str:
    """The picture at the head of a message; nothing without one."""
    return f"{home_link()[:-1]}{look.logo}" if look.logo else ""


def receipt_link(message_id: UUID) -> str:
    """Where the provider reports what became of a message."""
    return f"{home_link()}hooks/twilio/{message_id}"


def hook_link(hook: str) -> str:
    """Where the provider of an account of the chain's own reports everything else."""
    return f"{home_link()}hooks/sms/{hook}"


def unsubscribe_link(message_id: UUID) -> str:
    """Where the person a message went to leaves the list, by one click of their mail program, or by reading the page.

    It works for as long as anybody keeps mail.
    """
    signer = Signer(runtime.settings().secret_key)
    return f"{home_link()}u/{signer.sign_compact(_unsubscribing(), message_id, clock.now() + MAIL_LIFE)}"


def unsubscribed(token: str) -> UUID:
    """The message by whose link somebody came. Raises BadToken."""
    return Signer(runtime.settings().secret_key).read_compact(_unsubscribing(), token, clock.now())


def _unsubscribing() -> str:
    return f"unsubscribe:{current_tenant().id}"
