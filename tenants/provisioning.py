"""A new tenant, ready to use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shopbell import clock, ids
from shopbell.db import Database
from shopbell.errors import Conflict, Invalid
from shopbell.i18n import LOCALES
from shopbell.tenancy import OWN_HOSTS, TenantContext
from shopbell.text import N_
from shopbell.vault import sealing
from tenants import domains, migrate, placement, quotas
from tenants.models import Domain, Tenant
from tenants.packs import PACKS, Pack

SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
SLUG_HINT = "3 to 40 lower-case letters, digits and hyphens, beginning with a letter"
RESERVED = frozenset({"www", "api", "mail", "static", "shared", "public", "localhost", *OWN_HOSTS})

Seeder = Callable[[Session, Pack], None]


class SlugTaken(Conflict):
    code = "slug_taken"
    title = N_("Another chain uses this short name")


@dataclass(frozen=True)
class NewTenant:
    """What has to be said of a new chain; `slug` becomes part of its address."""

    slug: str
    name: str
    pack: str
    locale: str
    time_zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    country: str = "CN"


def create(
    database: Database,
    new: NewTenant,
    *,
    base_domain: str,
    seeders: Iterable[Seeder] = (),
    server: str | None = None,
    tenant_id: UUID | None = None,
    limits: Mapping[str, int | None] | None = None,
) -> TenantContext:
    """Schema, tables, starting catalogue, host name; on `server`, or on the one with the fewest tenants.

    Raises Invalid naming the field, or SlugTaken. All or nothing: the directory's transaction is committed last, so a
    crash right before that leaves a schema that nobody refers to (`shopbell servers` tells of it), never half a tenant.
    """
    check(new)
    with one_slug_each(new.slug), database.transaction(None) as directory:
        tenant = register(directory, database, new, base_domain, server, tenant_id=tenant_id)
        if limits:
            quotas.set_limits(directory, tenant.id, limits)
        build(database, tenant, seeders)
    return tenant


@contextmanager
def one_slug_each(slug: str) -> Iterator[None]:
    """Raises SlugTaken when the directory refuses the short name or its host."""
    try:
        yield
    except IntegrityError as error:
        if "tenants" in str(error.orig) or "domains" in str(error.orig):
            raise SlugTaken(f"The short name {slug!r} is in use.", fields={"slug": "choose another"}) from error
        raise


def build(database: Database, tenant: TenantContext, seeders: Iterable[Seeder]) -> None:
    # The search_path names the schema from the start; it comes to exist in the middle of the transaction.
    with database.transaction(tenant) as session:
        session.execute(text(f'create schema "{tenant.schema}"'))
        migrate.lay_out(session)
        migrate.note(session, tenant, migrate.head("tenant"))
        sealing.start(session)
        for seed in seeders:
            seed(session, PACKS[tenant.pack])


def register(
    directory: Session,
    database: Database,
    new: NewTenant,
    base_domain: str,
    server: str | None,
    *,
    tenant_id: UUID | None = None,
) -> TenantContext:
    """Enter the tenant into the directory, where its short name and host are then taken."""
    place = placement.choose(directory, database.servers, server)
    with database.transaction(None, server=place) as there:
        schema = placement.free_schema(directory, there, new.slug)
    tenant = TenantContext(
        id=tenant_id or ids.uuid7(),
        slug=new.slug,
        schema=schema,
        name=new.name,
        pack=new.pack,
        locale=new.locale,
        time_zone=new.time_zone,
        currency=new.currency,
        country=new.country,
        host=f"{new.slug}.{base_domain}",
        server=place,
    )
    directory.add(
        Tenant(
            id=tenant.id,
            slug=tenant.slug,
            schema_name=tenant.schema,
            name=tenant.name,
            pack=tenant.pack,
            locale=tenant.locale,
            time_zone=tenant.time_zone,
            currency=tenant.currency,
            country=tenant.country,
            server=tenant.server,
            created_at=clock.now(),
        )
    )
    directory.flush()
    domains.release(directory, tenant.host)
    directory.add(Domain(host=tenant.host, tenant_id=tenant.id))
    directory.flush()
    return tenant


def check(new: NewTenant) -> None:
    fields: dict[str, str] = {}
    if not SLUG.fullmatch(new.slug) or new.slug in RESERVED:
        fields["slug"] = SLUG_HINT
    if not 1 <= len(new.name.strip()) <= 120:
        fields["name"] = "1 to 120 characters"
    if new.pack not in PACKS:
        fields["pack"] = "one of " + ", ".join(sorted(PACKS))
    if new.locale not in LOCALES:
        fields["locale"] = "one of " + ", ".join(LOCALES)
    try:
        clock.zone(new.time_zone)
    except ValueError:
        fields["time_zone"] = "an IANA name such as Asia/Shanghai"
    if fields:
        raise Invalid("; ".join(f"{name}: {hint}" for name, hint in fields.items()), fields=fields)
