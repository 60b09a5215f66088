"""Due work: PostgreSQL is the queue of record, an RQ job is only a wake-up.

Everything that must happen later - a reaction to a fact, a message, a reminder, a hold running out - is a row of
`shared.due_work` with a time and a priority, written in the same transaction as its cause. Here is what features need
of it; how workers claim rows and give them back is in `shopbell.claims`. Losing Redis loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, bindparam, delete, null, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import ids
from shopbell.db import Database, SharedBase, table
from shopbell.prepared import Prepared
from shopbell.tenancy import NoTenant, TenantContext, current_tenant

INSTALLATION = UUID(int=0)
"""Stands where a tenant's id does for work of the installation itself, which is kept on `main`."""
WAITED_FOR, ALARM, ORDINARY, PLANNED, BULK = PRIORITIES = (0, 10, 20, 30, 90)
"""Whose turn comes first among what is due: what somebody sits and waits for, what warns people, what follows from what
people do, what was planned long ago, and what goes to everybody."""
URGENT = ALARM
"""Up to here work has a lane of its own, which is looked at first."""
F = TypeVar("F", bound=Callable[..., None])


class DueWork(SharedBase):
    """One thing to do. `run_at` is when to look at it next: its due time, the end of a lease, or the next try.

    `hinted_at` is what the release before looks at to tell which rows a worker was told of.
    """

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
    batch: bool = False


def job(kind: str, *, own_transactions: bool = False, batch: bool = False) -> Callable[[F], F]:
    """Mark a function as the handler of a kind of due work; a feature lists it under `jobs`.

    Plain: `fn(session, key, payload)` in one tenant transaction that also removes the row. With `own_transactions`:
    `fn(run: JobRun)`, which must be harmless to repeat at any point where the process may die. With `batch`:
    `fn(batch: claims.Batch)` with all rows of its kind that were claimed at once, which it removes itself.
    """

    def mark(function: F) -> F:
        function.handles = JobMark(kind, own_transactions, batch)  # type: ignore[attr-defined]
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
