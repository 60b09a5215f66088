"""A new tenant as work: asked for, built by a worker, and looked at meanwhile by whoever asked.

The order is a row of the directory and due work of the installation, written together. It is harmless to repeat: the
tenant's id is the order's, so whoever takes it up again after a crash finds what is there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shopbell import clock, due, ids, runtime
from shopbell.db import Database
from shopbell.due import JobRun
from shopbell.errors import DomainError
from shopbell.tenancy import TenantContext
from tenants import placement, provisioning
from tenants.models import Tenant, TenantCreation
from tenants.provisioning import NewTenant, Seeder, SlugTaken
from tenants.resolve import Directory

log = logging.getLogger(__name__)

KIND = "tenants.create"
REMEMBERED = timedelta(days=90)
OPEN = ("waiting", "building", "inviting")

Invite = Callable[[Session, str, TenantContext], None]
"""Has somebody with this e-mail address become the tenant's first user; harmless to repeat."""


def order(
    directory: Session,
    database: Database,
    new: NewTenant,
    *,
    owner_email: str | None,
    server: str | None = None,
    limits: Mapping[str, int | None] | None = None,
) -> UUID:
    """Have a tenant made; `limits` by the names of quotas.NAMES.

    Raises Invalid naming the field, or SlugTaken, for what can be known by now.
    """
    new = replace(new, name=new.name.strip())
    provisioning.check(new)
    if server is not None:
        placement.choose(directory, database.servers, server)
    meanwhile = select(TenantCreation.id).where(TenantCreation.slug == new.slug, TenantCreation.state.in_(OPEN))
    if directory.scalar(select(Tenant.id).where(Tenant.slug == new.slug)) or directory.scalar(meanwhile):
        raise SlugTaken(f"The short name {new.slug!r} is in use.", fields={"slug": "choose another"})
    now = clock.now()
    directory.execute(delete(TenantCreation).where(TenantCreation.asked_at < now - REMEMBERED))
    asked = TenantCreation(id=ids.uuid7(), slug=new.slug, asked=asdict(new), server=server, asked_at=now)
    asked.owner_email, asked.limits = owner_email or None, dict(limits) if limits else None
    directory.add(asked)
    directory.flush()
    due.schedule_for_installation(directory, KIND, str(asked.id), now)
    return asked.id


def job(seeders: Iterable[Seeder], invite: Invite) -> Callable[..., None]:
    """The handler of orders; a new tenant is furnished by the `seeders`."""
    furnish = tuple(seeders)

    @due.job(KIND, own_transactions=True)
    def create(run: JobRun) -> None:
        carry_out(run.database, UUID(run.key), furnish, invite)

    return create


def carry_out(database: Database, order_id: UUID, seeders: Iterable[Seeder], invite: Invite) -> None:
    """Make the tenant that was asked for. What cannot be is written down; anything unforeseen is raised, and tried
    again."""
    asked = _move_on(database, order_id, "building")
    if asked is None:
        return
    try:
        tenant = _built(database, asked, seeders)
    except DomainError as error:
        log.warning("the tenant %s could not be made: %s", asked.slug, error.detail)
        _move_on(database, order_id, "failed", error.title)
        return
    asked = _move_on(database, order_id, "inviting")
    if asked and asked.owner_email:
        with database.transaction(tenant) as session:
            invite(session, asked.owner_email, tenant)
    _move_on(database, order_id, "done")


def _built(database: Database, asked: TenantCreation, seeders: Iterable[Seeder]) -> TenantContext:
    with database.transaction(None) as directory:
        there = directory.get(Tenant, asked.id)
    if there is None:
        return provisioning.create(
            database,
            NewTenant(**asked.asked),
            base_domain=runtime.settings().base_domain,
            seeders=seeders,
            server=asked.server,
            tenant_id=asked.id,
            limits=asked.limits,
        )
    found = Directory(database).by_slug(there.slug)
    if found is None:
        raise LookupError(f"{there.slug} has no primary host")
    return found


def _move_on(database: Database, order_id: UUID, state: str, problem: str | None = None) -> TenantCreation | None:
    """Note how far it has come; None when it has come to an end before."""
    with database.transaction(None) as directory:
        asked = directory.get(TenantCreation, order_id, with_for_update=True)
        if asked is None or asked.state not in OPEN:
            return None
        asked.state, asked.problem, asked.begun_at = state, problem, asked.begun_at or clock.now()
        if state not in OPEN:
            asked.ended_at, asked.owner_email = clock.now(), None
        return asked
