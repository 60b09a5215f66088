"""Which tenant the running code works for.

A context variable, set at the edge (HTTP request, job, command) and read by the database engine, which routes each
transaction to the tenant's schema. Business code never passes a tenant in from a request body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

MAIN = "main"
"""The database server that DATABASE_URL names; the directory of tenants is kept there."""
OPERATORS_HOST = "admin"
OWN_HOSTS = (OPERATORS_HOST, "start")
"""Names below the base domain that are the installation's own, so no tenant's: its operators', and where chains
sign up."""


@dataclass(frozen=True)
class Allowance:
    """How much of something a tenant may have, None for as much as it likes, and how much it had when last counted."""

    limit: int | None
    used: int = 0

    def is_used(self, percent: int) -> bool:
        """Whether so much of the limit is used up."""
        return self.limit is not None and self.used * 100 >= self.limit * percent


NO_LIMIT = Allowance(None)


@dataclass(frozen=True)
class TenantContext:
    """What any code may need to know of a tenant without asking the database."""

    id: UUID
    slug: str
    schema: str
    name: str
    pack: str
    locale: str
    time_zone: str
    currency: str
    country: str
    host: str
    """The primary host name, without port: links in messages start with it."""
    server: str = MAIN
    """The database server that its schema lies on."""
    allowances: Mapping[str, Allowance] = field(default_factory=dict, compare=False)
    """What the operator allows it, by name, as remembered with the rest."""

    def allowance(self, name: str) -> Allowance:
        return self.allowances.get(name, NO_LIMIT)


@dataclass(frozen=True)
class Door:
    """What a host name leads to: a tenant, and whether it lets anybody in."""

    tenant: TenantContext
    suspended: bool = False
    moved: bool = False
    """An earlier name: visitors are sent on to the tenant's host."""
    moving: bool = False
    """On its way to another database server: it is read, and nothing of it is changed."""


_current: ContextVar[TenantContext | None] = ContextVar("shopbell_tenant", default=None)


class NoTenant(RuntimeError):
    """Code that needs a tenant ran outside one: a bug at the edge, never a user's mistake."""


def current_tenant() -> TenantContext:
    tenant = _current.get()
    if tenant is None:
        raise NoTenant("this code needs a tenant and none has been entered")
    return tenant


def tenant_or_none() -> TenantContext | None:
    return _current.get()


@contextmanager
def entered(tenant: TenantContext | None) -> Iterator[TenantContext | None]:
    """Enter a tenant for a block; `None` leaves every tenant, so that a forgotten one fails closed."""
    token = _current.set(tenant)
    try:
        yield tenant
    finally:
        _current.reset(token)
