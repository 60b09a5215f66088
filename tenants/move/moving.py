"""The move, step by step. At every point exactly one server has the copy that is served, and the command may be run
again after a crash.

1. The directory says that the tenant moves: within `resolve.REMEMBER_SECONDS` every process turns changes away with a
   503, and no worker takes up its work. Reading goes on.
2. The source is fenced: from here the database refuses changes, too.
3. Everything is copied and compared, in one transaction of the target.
4. The directory names the target. Processes that remember the source read there for some seconds more.
5. Some time later the old copy is removed, as due work of the tenant.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from shopbell import clock, due
from shopbell.db import Database
from shopbell.due import DueWork, JobRun
from shopbell.errors import Conflict, Invalid
from shopbell.tenancy import TenantContext
from shopbell.text import N_
from tenants.archive.writing import Tell, quiet
from tenants.models import Erasure, Tenant, TenantMove
from tenants.move import copy, fence
from tenants.resolve import REMEMBER_SECONDS

KIND = "tenants.remove_old_copy"
KEY = "old copy"
GRACE = timedelta(minutes=10)
UNTIL_KNOWN = REMEMBER_SECONDS + 1
LONGEST_JOB_SECONDS = 300.0
LOOK_EVERY_SECONDS = 0.5


class UnderWay(Conflict):
    code = "move_under_way"
    title = N_("Somebody is moving this chain just now")


class BeingErased(Conflict):
    code = "being_erased"
    title = N_("This chain is being erased")


class StillBusy(Conflict):
    code = "still_busy"
    title = N_("Work of this chain that had begun does not come to an end")


def move(
    database: Database, tenant: TenantContext, target: str, *, until_known: float = UNTIL_KNOWN, tell: Tell = quiet
) -> TenantContext:
    """Bring a tenant to another server; returns it as it is afterwards. Harmless to repeat, also after a crash.

    What goes wrong before the switch is undone. Raises Invalid naming `server`, UnderWay, StillBusy,
    BeingErased, copy.NotTheSame.
    """
    if target not in database.servers:
        hint = "one of " + ", ".join(database.servers)
        raise Invalid(f"There is no database server {target!r}.", fields={"server": hint})
    with _alone(database, tenant) as here:
        there = replace(tenant, server=target)
        if here.server != target:
            _bring(database, here, there, until_known, tell)
        settle(database, there)
    return there


def cancel(database: Database, tenant: TenantContext) -> bool:
    """Undo a move that did not come to its switch; False when there is none."""
    with _alone(database, tenant) as here:
        with database.transaction(None) as directory:
            row = directory.get(TenantMove, here.id)
        if row is None or row.switched_at:
            return False
        _undo(database, here, row.target)
        return True


@due.job(KIND, own_transactions=True)
def remove_old_copy(run: JobRun) -> None:
    """The end of the grace time."""
    with _alone(run.database, run.tenant) as here, run.database.transaction(None) as directory:
        row = directory.get(TenantMove, here.id)
        if row and row.switched_at and row.source != here.server:
            _clear(run.database, here, row.source)
            directory.delete(row)


@contextmanager
def _alone(database: Database, tenant: TenantContext) -> Iterator[TenantContext]:
    """Keep others from moving or clearing this tenant, and say where it lies now. Raises UnderWay."""
    with database.transaction(None) as guard:
        guard.execute(text("set local idle_in_transaction_session_timeout = 0"))
        if not guard.scalar(text("select pg_try_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": str(tenant.id)}):
            raise UnderWay
        server = guard.scalar(select(Tenant.server).where(Tenant.id == tenant.id))
        yield replace(tenant, server=server or tenant.server)


def _bring(database: Database, tenant: TenantContext, there: TenantContext, until_known: float, tell: Tell) -> None:
    with database.transaction(None) as directory:
        former = begin(directory, tenant, there.server)
    with _undone_if_it_fails(database, tenant, there.server):
        if former:
            _clear(database, tenant, former)
        # Every process has to know before the work that had begun is looked at.
        threading.Event().wait(until_known)
        _wait_for_work(database, tenant)
        fence.close(database, tenant)
        _transfer(database, tenant, there, tell)


def begin(directory: Session, tenant: TenantContext, target: str) -> str | None:
    """Say that the tenant moves. Returns the server that an earlier move left a copy on."""
    # Whoever erases locks this row as well.
    directory.get(Tenant, tenant.id, with_for_update=True)
    if directory.get(Erasure, tenant.id):
        raise BeingErased
    row = directory.get(TenantMove, tenant.id)
    former = None
    if row:
        former = row.source if row.switched_at else row.target
        directory.delete(row)
        directory.flush()
    directory.add(TenantMove(tenant_id=tenant.id, source=tenant.server, target=target, begun_at=clock.now()))
    return former


def settle(database: Database, tenant: TenantContext) -> None:
    """After the switch: nothing is left to do at the source, and its copy is to be removed. Harmless to repeat."""
    with database.transaction(None) as directory:
        row = directory.get(TenantMove, tenant.id)
    if row is None or row.switched_at is None:
        return
    with database.transaction(None, server=row.source) as session:
        copy.forget_work(session, tenant)
    with database.transaction(tenant) as session:
        due.schedule(session, KIND, KEY, row.switched_at + GRACE)


def _wait_for_work(database: Database, tenant: TenantContext) -> None:
    """Until no worker holds any of it: what was sent is written down before the copy is made."""
    held = (DueWork.tenant_id == tenant.id, DueWork.lease_token.is_not(None))
    for _try in range(int(LONGEST_JOB_SECONDS / LOOK_EVERY_SECONDS)):
        with database.transaction(None, server=tenant.server) as session:
            if not session.scalar(select(func.count()).where(*held, DueWork.run_at > clock.now())):
                return
        threading.Event().wait(LOOK_EVERY_SECONDS)
    raise StillBusy


def _transfer(database: Database, tenant: TenantContext, there: TenantContext, tell: Tell) -> None:
    with database.transaction(tenant) as source:
        source.execute(text("set local idle_in_transaction_session_timeout = 0"))
        copy.hold_work(source, tenant)
        with database.transaction(None, server=there.server) as target:
            copy.remove(target, there)
        with database.transaction(there) as target:
            copy.copy(source, target, there, tell)
        with database.transaction(None) as directory:
            _switch(directory, there)


def _switch(directory: Session, there: TenantContext) -> None:
    directory.execute(update(Tenant).where(Tenant.id == there.id).values(server=there.server))
    directory.execute(update(TenantMove).where(TenantMove.tenant_id == there.id).values(switched_at=clock.now()))


@contextmanager
def _undone_if_it_fails(database: Database, tenant: TenantContext, target: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        with database.transaction(None) as directory:
            row = directory.get(TenantMove, tenant.id)
        if row and row.switched_at is None:
            _undo(database, tenant, target)
        raise


def _undo(database: Database, tenant: TenantContext, target: str) -> None:
    """The source is served as before. The target is cleared last: it may be what went wrong."""
    fence.open_again(database, tenant)
    with database.transaction(None) as directory:
        directory.execute(delete(TenantMove).where(TenantMove.tenant_id == tenant.id))
    _clear(database, tenant, target)


def _clear(database: Database, tenant: TenantContext, server: str) -> None:
    with database.transaction(None, server=server) as session:
        copy.remove(session, tenant)
