"""Addresses of ours that stand in messages or are given to a provider."""

from __future__ import annotations

from uuid import UUID

from blueprints.brand.api import BrandView
from shopbell import runtime
from shopbell.tenancy import current_tenant


def home_link() -> str:
    """The tenant's booking pages."""
    return f"{runtime.settings().tenant_url(current_tenant().host)}/"


def logo_link(look: BrandView) -> str:
    """The picture at the head of a message; nothing without one."""
    return f"{home_link()[:-1]}{look.logo}" if look.logo else ""


def imprint_link(look: BrandView) -> str:
    """The page that says who is behind the chain; nothing without one."""
    return f"{home_link()}legal/imprint" if any(one.kind == "imprint" for one in look.legal) else ""


def receipt_link(message_id: UUID) -> str:
    """Where the provider reports what became of a message."""
    return f"{home_link()}hooks/twilio/{message_id}"


def hook_link(hook: str) -> str:
    """Where the provider of an account of the chain's own reports everything else."""
    return f"{home_link()}hooks/sms/{hook}"
