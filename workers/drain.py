"""Doing due work: claim a tenant's rows, run their handlers, remove or put off each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.registry import Handlers, Job
from shopbell import due, outbox
from shopbell.db import Database
from shopbell.due import Claimed, JobRun
from shopbell.logs import discreet
from shopbell.tenancy import TenantContext, entered

log = logging.getLogger(__name__)

BATCH = 50
THREADS = 4

Find = Callable[[UUID], TenantContext | None]


class Drain:
    """Runs due work for one tenant at a time, a few rows side by side. One per worker process."""

    def __init__(
        self, database: Database, find: Find, handlers: Handlers, *, lease_seconds: int = 60, threads: int = THREADS
    ) -> None:
        self.database = database
        self.find = find
        self.handlers = handlers
        self.lease = timedelta(seconds=lease_seconds)
        self.threads = threads

    def tenant(self, tenant_id: UUID, *, batches: int = 20) -> int:
        """Do what is due for a tenant, or for the installation, at most `batches` batches, so that a busy one lets the
        others in between."""
        tenant = self.find(tenant_id)
        if tenant is None and tenant_id != due.INSTALLATION:
            return 0
        done = 0
        for _ in range(batches):
            with self.database.transaction(tenant) as session:
                claimed = due.claim(session, tenant_id, lease=self.lease, limit=BATCH)
            if not claimed:
                break
            self.run_all(tenant, claimed)
            done += len(claimed)
        return done

    def run_all(self, tenant: TenantContext | None, claimed: list[Claimed]) -> None:
        if self.threads == 1 or len(claimed) == 1:
            for row in claimed:
                self.run(tenant, row)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            futures = [pool.submit(copy_context().run, self.run, tenant, row) for row in claimed]
            for future in futures:
                future.result()

    def run(self, tenant: TenantContext | None, claimed: Claimed) -> None:
        """One row. A failing handler puts it off; the reason is kept with the row and in the log."""
        try:
            job = self.handlers.jobs.get(claimed.kind)
            if job is not None and job.mark.own_transactions:
                self.run_alone(tenant, claimed, job)
            else:
                self.run_in_transaction(tenant, claimed, job)
        except Exception as error:
            whose = tenant.slug if tenant else "the installation"
            log.exception("due work %s %s of %s failed", claimed.kind, claimed.key, whose)
            with self.database.transaction(tenant) as session:
                due.put_off(session, claimed, discreet(f"{type(error).__name__}: {error}"))

    def run_in_transaction(self, tenant: TenantContext | None, claimed: Claimed, job: Job | None) -> None:
        with self.database.transaction(tenant) as session:
            if not due.still_ours(session, claimed, lease=self.lease):
                return
            if job is not None:
                job.function(session, claimed.key, claimed.payload)
            else:
                self.react(session, claimed)
            due.finish(session, claimed)

    def run_alone(self, tenant: TenantContext | None, claimed: Claimed, job: Job) -> None:
        with self.database.transaction(tenant) as session:
            if not due.still_ours(session, claimed, lease=self.lease):
                return
        with entered(tenant):
            job.function(JobRun(self.database, tenant, claimed))
        with self.database.transaction(tenant) as session:
            due.finish(session, claimed)

    def react(self, session: Session, claimed: Claimed) -> None:
        """Let one reaction hear one fact, once."""
        name = claimed.kind.removeprefix(outbox.REACTION_KIND)
        reaction = self.handlers.reactions.get(name)
        event = self.handlers.events.get(claimed.payload.get("event", ""))
        if reaction is None or event is None:
            raise LookupError(f"this release has no handler for {claimed.kind}")
        if outbox.first_delivery(session, UUID(claimed.key), name, claimed.tenant_id):
            reaction(session, event.from_payload(claimed.payload["data"]))
