"""What happens to a tenant after it was created: it is suspended, resumed, renamed.

Every function takes a session of the directory and is harmless to repeat. What changes is known to every process after
`resolve.REMEMBER_SECONDS`. The schema keeps its name for ever.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shopbell import clock
from shopbell.errors import Invalid
from shopbell.tenancy import TenantContext
from tenants import domains
from tenants.models import Tenant
from tenants.provisioning import RESERVED, SLUG, SLUG_HINT, SlugTaken

REDIRECT_DAYS = 90


def suspend(directory: Session, tenant: TenantContext) -> None:
    """Let nobody in: pages and API answer 503 with what to do, due work waits. Nothing is removed."""
    _set(directory, tenant, status="suspended")


def resume(directory: Session, tenant: TenantContext) -> None:
    """Let everybody in again; work that fell due meanwhile is done now."""
    _set(directory, tenant, status="active")


def rename(directory: Session, tenant: TenantContext, name: str) -> None:
    """Change the chain's name. Raises Invalid naming `name`."""
    if not 1 <= len(name.strip()) <= 120:
        raise Invalid("The name cannot be used.", fields={"name": "1 to 120 characters"})
    _set(directory, tenant, name=name.strip())


def change_slug(
    directory: Session, tenant: TenantContext, slug: str, *, base_domain: str, redirect_days: int = REDIRECT_DAYS
) -> str:
    """Change the short name and with it the host below the base domain, which is returned.

    The old host redirects for so many days, and is nobody else's until then. Raises Invalid naming `slug`, SlugTaken.
    """
    host = f"{slug}.{base_domain}"
    if slug == tenant.slug:
        return host
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise Invalid("The short name cannot be used.", fields={"slug": SLUG_HINT})
    if directory.scalar(select(Tenant.id).where(Tenant.slug == slug)):
        raise SlugTaken(f"The short name {slug!r} is in use.", fields={"slug": "choose another"})
    until = clock.now() + timedelta(days=redirect_days)
    try:
        domains.move(directory, tenant, f"{tenant.slug}.{base_domain}", host, until=until)
    except domains.HostTaken as error:
        raise SlugTaken(f"{host} still leads to another chain.", fields={"slug": "choose another"}) from error
    _set(directory, tenant, slug=slug)
    return host


def _set(directory: Session, tenant: TenantContext, **values: str) -> None:
    directory.execute(update(Tenant).where(Tenant.id == tenant.id).values(**values))
