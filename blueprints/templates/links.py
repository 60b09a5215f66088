"""The chain's own addresses that short links begin with."""

from __future__ import annotations

from shopbell import runtime
from shopbell.tenancy import current_tenant

PATH = "/s/"


def beginning() -> str:
    """What every short link of the chain begins with."""
    return f"{host()}{PATH}"


def host() -> str:
    return runtime.settings().tenant_url(current_tenant().host)
