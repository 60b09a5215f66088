"""Doing due work: claim a tenant's rows, run their handlers, remove or put off each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from time import monotonic
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.registry import Handlers, Job
from shopbell import claims, due, outbox
from shopbell.claims import Batch, Turn
from shopbell.db import Database
from shopbell.due import Claimed, JobRun
from shopbell.logs import discreet
from shopbell.tenancy import TenantContext, entered

log = logging.getLogger(__name__)

BATCH = 48
THREADS = 4
TURN_SECONDS = 1.0
"""How long a tenant's turn lasts while it has work: the others wait for its end."""

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

    def tenant(self, tenant_id: UUID, *, up_to: int = due.BULK, seconds: float = TURN_SECONDS) -> int:
        """One turn: do what is due for a tenant, or for the installation, until nothing is left or time is over.

        Only work of priorities `up_to` this one is done. Returns how many rows were claimed.
        """
        tenant = self.find(tenant_id)
        if tenant is None and tenant_id != due.INSTALLATION:
            return 0
        done, turn = 0, Turn(monotonic() + seconds)
        while not (done and turn.is_over):
            with self.database.transaction(tenant) as session:
                claimed = claims.claim(session, tenant_id, lease=self.lease, limit=BATCH, up_to=up_to)
            if not claimed:
                break
            self.run_all(tenant, claimed, turn)
            done += len(claimed)
        return done

    def run_all(self, tenant: TenantContext | None, claimed: list[Claimed], turn: Turn) -> None:
        """Do the rows of one claim in their order, those of a batch's kind together; give back what the turn is too
        short for."""
        together = self.tasks(claimed)

        def do(rows: list[Claimed]) -> list[Claimed]:
            if turn.is_over and rows is not together[0]:
                return rows
            self.run(tenant, rows, turn)
            return []

        if self.threads == 1 or len(together) == 1:
            left = [row for rows in together for row in do(rows)]
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                futures = [pool.submit(copy_context().run, do, rows) for rows in together]
                left = [row for future in futures for row in future.result()]
        if left:
            with self.database.transaction(tenant) as session:
                claims.give_back(session, left)

    def tasks(self, claimed: list[Claimed]) -> list[list[Claimed]]:
        """What is done at once: a row, or all rows of a kind whose job takes batches."""
        tasks: dict[UUID | str, list[Claimed]] = {}
        for row in claimed:
            job = self.handlers.jobs.get(row.kind)
            tasks.setdefault(row.kind if job is not None and job.mark.batch else row.id, []).append(row)
        return list(tasks.values())

    def run(self, tenant: TenantContext | None, rows: list[Claimed], turn: Turn) -> None:
        """One task. A failing handler puts its rows off; the reason is kept with the row and in the log."""
        job = self.handlers.jobs.get(rows[0].kind)
        try:
            if job is not None and job.mark.batch:
                self.run_batch(tenant, rows, job, turn)
            elif job is not None and job.mark.own_transactions:
                self.run_alone(tenant, rows[0], job)
            else:
                self.run_in_transaction(tenant, rows[0], job)
        except Exception as error:
            whose = tenant.slug if tenant else "the installation"
            log.exception("due work %s %s of %s failed", rows[0].kind, ", ".join(row.key for row in rows), whose)
            with self.database.transaction(tenant) as session:
                for row in rows:
                    claims.put_off(session, row, discreet(f"{type(error).__name__}: {error}"))

    def run_batch(self, tenant: TenantContext | None, rows: list[Claimed], job: Job, turn: Turn) -> None:
        batch = Batch(self.database, tenant, rows, self.lease, turn)
        with entered(tenant):
            job.function(batch)
        if batch.left:
            with self.database.transaction(tenant) as session:
                claims.give_back(session, batch.left, pause=batch.pause)

    def run_in_transaction(self, tenant: TenantContext | None, claimed: Claimed, job: Job | None) -> None:
        with self.database.transaction(tenant) as session:
            if not claims.still_ours(session, [claimed], lease=self.lease):
                return
            if job is not None:
                job.function(session, claimed.key, claimed.payload)
            else:
                self.react(session, claimed)
            claims.finish(session, [claimed])

    def run_alone(self, tenant: TenantContext | None, claimed: Claimed, job: Job) -> None:
        with self.database.transaction(tenant) as session:
            if not claims.still_ours(session, [claimed], lease=self.lease):
                return
        with entered(tenant):
            job.function(JobRun(self.database, tenant, claimed))
        with self.database.transaction(tenant) as session:
            claims.finish(session, [claimed])

    def react(self, session: Session, claimed: Claimed) -> None:
        """Let one reaction hear one fact, once."""
        name = claimed.kind.removeprefix(outbox.REACTION_KIND)
        reaction = self.handlers.reactions.get(name)
        event = self.handlers.events.get(claimed.payload.get("event", ""))
        if reaction is None or event is None:
            raise LookupError(f"this release has no handler for {claimed.kind}")
        if outbox.first_delivery(session, UUID(claimed.key), name, claimed.tenant_id):
            reaction(session, event.from_payload(claimed.payload["data"]))
