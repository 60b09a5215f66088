"""What an operator does with a chain: each is done by `tenants`, and written down with it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.operator.errors import UnknownChain
from blueprints.operator.service import records
from blueprints.operator.service.records import Author
from shopbell import runtime
from shopbell.db import Database
from shopbell.tenancy import TenantContext
from tenants import creation, domains, life, quotas, resolve
from tenants.provisioning import NewTenant


def get(directory: Session, tenant_id: UUID) -> TenantContext:
    """A chain, be it open or not. Raises UnknownChain."""
    tenant = resolve.find(directory, tenant_id)
    if tenant is None:
        raise UnknownChain
    return tenant


def suspend(directory: Session, tenant: TenantContext, *, by: Author) -> None:
    life.suspend(directory, tenant)
    records.note(directory, by, "chain.suspended", tenant)


def resume(directory: Session, tenant: TenantContext, *, by: Author) -> None:
    life.resume(directory, tenant)
    records.note(directory, by, "chain.resumed", tenant)


def rename(directory: Session, tenant: TenantContext, name: str, slug: str, *, by: Author) -> None:
    """Another name, another short name, or both; the old address redirects. Raises Invalid or SlugTaken."""
    changed = {}
    if name.strip() != tenant.name:
        life.rename(directory, tenant, name)
        changed["name"] = [tenant.name, name.strip()]
    if slug != tenant.slug:
        life.change_slug(directory, tenant, slug, base_domain=runtime.settings().base_domain)
        changed["slug"] = [tenant.slug, slug]
    if changed:
        records.note(directory, by, "chain.renamed", tenant, **changed)


def set_limits(directory: Session, tenant: TenantContext, limits: Mapping[str, int | None], *, by: Author) -> None:
    """Raises Invalid naming the field."""
    quotas.set_limits(directory, tenant.id, limits)
    before = {name: tenant.allowance(name).limit for name in quotas.NAMES}
    changed = {name: [before[name], limits[name]] for name in quotas.NAMES if before[name] != limits[name]}
    if changed:
        records.note(directory, by, "chain.limits", tenant, **changed)


def add_host(directory: Session, tenant: TenantContext, host: str, *, by: Author) -> None:
    """Let a host name lead to the chain at once: the operator knows that it is theirs. Raises Invalid, HostTaken."""
    domains.enter(directory, tenant, host)
    records.note(directory, by, "host.added", tenant, host=domains.checked(host))


def make_primary(directory: Session, tenant: TenantContext, host: str, *, by: Author) -> None:
    """Raises NoSuchHost."""
    domains.make_primary(directory, tenant, host)
    records.note(directory, by, "host.primary", tenant, host=host)


def remove_host(directory: Session, tenant: TenantContext, host: str, *, by: Author) -> None:
    """Raises NoSuchHost, also for the main one."""
    domains.remove(directory, tenant, host)
    records.note(directory, by, "host.removed", tenant, host=host)


def order(
    directory: Session, database: Database, new: NewTenant, *, owner_email: str, server: str | None, by: Author
) -> UUID:
    """Have a chain made; returns where to see how far it has come. Raises Invalid naming the field, SlugTaken."""
    order_id = creation.order(directory, database, new, owner_email=owner_email, server=server)
    records.note(directory, by, "chain.asked_for", slug=new.slug, name=new.name, order=str(order_id))
    return order_id
