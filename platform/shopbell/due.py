"""Due work: PostgreSQL is the queue of record, an RQ job is only a wake-up.

Everything that must happen later - a reaction to a fact, a message, a reminder, a hold running out - is a row of
`shared.due_work` with a time, written in the same transaction as its cause. Rows are claimed under a lease and removed
when done; a crashed process's rows come back by themselves when the lease is over. Losing Redis loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, bindparam, delete, func, null, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import clock, ids
from shopbell.db import Database, SharedBase, table
from shopbell.prepared import Prepared
from shopbell.tenancy import NoTenant, TenantContext, current_tenant

MAX_ATTEMPTS = 12
INSTALLATION = UUID(int=0)
"""Stands where a tenant's id does for work of the installation itself, which is kept on `main`."""
WAITED_FOR, ALARM, ORDINARY, PLANNED, BULK = PRIORITIES = (0, 10, 20, 30, 90)
"""Whose turn comes first among what is due: what somebody sits and waits for, what warns people, what follows from what
people do, what was planned long ago, and what goes to everybody."""
URGENT = ALARM
"""Up to here work has a lane of its own, which is looked at first."""
F = TypeVar("F", bound=Callable[..., None])


class DueWork(SharedBase):
    """One thing to do. `run_at` is when to look at it next: its due time, the end of a lease, or the next try."""

    __tablename__ = "due_work"
    __table_args__ = (
        CheckConstraint(f"priority in {PRIORITIES}", name="priority"),
        Index("uq_due_work_tenant_id_kind_key", "tenant_id", "kind", "key", unique=True),
        Index("ix_due_work_run_at", "run_at", postgresql_where=text("failed_at is null")),
        Index(
            "ix_due_work_tenant_id_priority_run_at",
            "tenant_id",
            "priority",
            "run_at",
            postgresql_where=text("failed_at is null"),
        ),
        Index("ix_due_work_failed_at", "failed_at", postgresql_where=text("failed_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    kind: Mapped[str]
    key: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text(str(ORDINARY)))
    due_at: Mapped[datetime]
    run_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    lease_token: Mapped[UUID | None]
    hinted_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    failed_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Claimed:
    """A row under our lease."""

    id: UUID
    tenant_id: UUID
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int
    token: UUID


@dataclass(frozen=True)
class JobRun:
    """What a job that opens its own transactions is given; `place` is the tenant whose work it is, if it is one's."""

    database: Database
    place: TenantContext | None
    claimed: Claimed

    @property
    def tenant(self) -> TenantContext:
        """Raises NoTenant for work of the installation."""
        if self.place is None:
            raise NoTenant(f"{self.claimed.kind} is work of the installation")
        return self.place

    @property
    def key(self) -> str:
        return self.claimed.key

    @property
    def payload(self) -> dict[str, Any]:
        return self.claimed.payload


@dataclass(frozen=True)
class JobMark:
    kind: str
    own_transactions: bool


def job(kind: str, *, own_transactions: bool = False) -> Callable[[F], F]:
    """Mark a function as the handler of a kind of due work; a feature lists it under `jobs`.

    Plain: `fn(session, key, payload)` in one tenant transaction that also removes the row. With `own_transactions`:
    `fn(run: JobRun)`, which must be harmless to repeat at any point where the process may die.
    """

    def mark(function: F) -> F:
        function.handles = JobMark(kind, own_transactions)  # type: ignore[attr-defined]
        return function

    return mark


def row(
    tenant_id: UUID, kind: str, key: str, due_at: datetime, payload: dict[str, Any], priority: int = ORDINARY
) -> dict[str, Any]:
    """The column values of a new row."""
    return {
        "id": ids.uuid7(),
        "tenant_id": tenant_id,
        "kind": kind,
        "key": key,
        "priority": priority,
        "due_at": due_at,
        "run_at": due_at,
        "payload": payload,
    }


_NEW = insert(table(DueWork))
SCHEDULE = Prepared(
    _NEW.on_conflict_do_update(
        index_elements=["tenant_id", "kind", "key"],
        set_={
            **{name: _NEW.excluded[name] for name in ("priority", "due_at", "run_at", "payload")},
            **dict.fromkeys(("lease_token", "hinted_at", "failed_at", "last_error"), null()),
            "attempts": text("0"),
        },
    )
)


DROP = Prepared(
    delete(table(DueWork)).where(
        DueWork.tenant_id == bindparam("tenant"),
        DueWork.kind == bindparam("of_kind"),
        DueWork.key == bindparam("of_key"),
    )
)


def schedule(
    session: Session,
    kind: str,
    key: str,
    due_at: datetime,
    payload: dict[str, Any] | None = None,
    *,
    priority: int = ORDINARY,
) -> None:
    """Have `kind` done for `key` at `due_at`, in the current tenant. Scheduling again moves the time.

    What is due is done in the order of its `priority`, one of PRIORITIES, and then of its time.
    """
    SCHEDULE.run(session, row(current_tenant().id, kind, key, due_at, payload or {}, priority))


def schedule_for_installation(
    directory: Session, kind: str, key: str, due_at: datetime, payload: dict[str, Any] | None = None
) -> None:
    """The same for work that belongs to no tenant: it is done in transactions of none. `directory`: on `main`."""
    SCHEDULE.run(directory, row(INSTALLATION, kind, key, due_at, payload or {}))


def drop(session: Session, kind: str, key: str) -> None:
    """Forget scheduled work; harmless when there is none."""
    DROP.run(session, {"tenant": current_tenant().id, "of_kind": kind, "of_key": key})


def claim(session: Session, tenant_id: UUID, *, lease: timedelta, limit: int = 50) -> list[Claimed]:
    """Take up to `limit` due rows of a tenant under a lease; rows that others hold are passed over."""
    now, token = clock.now(), ids.uuid7()
    due_ids = (
        select(DueWork.id)
        .where(DueWork.tenant_id == tenant_id, DueWork.run_at <= now, DueWork.failed_at.is_(None))
        .order_by(DueWork.run_at, DueWork.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(DueWork)
        .where(DueWork.id.in_(due_ids.scalar_subquery()))
        .values(run_at=now + lease, lease_token=token, attempts=DueWork.attempts + 1)
        .returning(DueWork.id, DueWork.tenant_id, DueWork.kind, DueWork.key, DueWork.payload, DueWork.attempts)
        .execution_options(synchronize_session=False)
    ).all()
    return [
        Claimed(row.id, row.tenant_id, row.kind, row.key, row.payload, row.attempts, token)
        for row in sorted(taken, key=lambda row: row.id)
    ]


def still_ours(session: Session, claimed: Claimed, *, lease: timedelta) -> bool:
    """Lock the row and renew its lease; False when somebody else has it, it was moved, or it is gone."""
    found = session.execute(
        update(DueWork)
        .where(DueWork.id == claimed.id, DueWork.lease_token == claimed.token)
        .values(run_at=clock.now() + lease)
        .returning(DueWork.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


def finish(session: Session, claimed: Claimed) -> None:
    """Remove the row, unless the work scheduled itself anew meanwhile."""
    session.execute(delete(DueWork).where(DueWork.id == claimed.id, DueWork.lease_token == claimed.token))


def put_off(session: Session, claimed: Claimed, error: str) -> None:
    """Give the row back after a failure: later and later, and visibly failed after MAX_ATTEMPTS tries."""
    now = clock.now()
    dead = claimed.attempts >= MAX_ATTEMPTS
    session.execute(
        update(DueWork)
        .where(DueWork.id == claimed.id, DueWork.lease_token == claimed.token)
        .values(
            run_at=now + backoff(claimed.attempts),
            lease_token=None,
            last_error=error[:2000],
            failed_at=now if dead else None,
        )
        .execution_options(synchronize_session=False)
    )


def backoff(attempts: int) -> timedelta:
    """1, 2, 4 ... seconds, at most 10 minutes."""
    return timedelta(seconds=min(2.0 ** (attempts - 1), 600.0))


def tenants_to_wake(session: Session, *, again_after: timedelta) -> Sequence[UUID]:
    """Tenants with due rows that no worker was told of lately; marks those rows as told."""
    now = clock.now()
    waiting = (
        select(DueWork.id)
        .where(
            DueWork.run_at <= now,
            DueWork.failed_at.is_(None),
            func.coalesce(DueWork.hinted_at, bindparam("epoch", datetime.fromtimestamp(0, tz=now.tzinfo)))
            < now - again_after,
        )
        .limit(1000)
        .with_for_update(skip_locked=True)
    )
    told = session.execute(
        update(DueWork)
        .where(DueWork.id.in_(waiting.scalar_subquery()))
        .values(hinted_at=now)
        .returning(DueWork.tenant_id)
        .execution_options(synchronize_session=False)
    )
    return sorted(set(told.scalars()))
