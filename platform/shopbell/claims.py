"""How workers take due work and give it back, and whose turn it is.

Rows are claimed under a lease, those of the highest priority first, and removed when done; rows that other workers hold
are passed over. A crashed process's rows come back by themselves when the lease is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    SmallInteger,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    null,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session

from shopbell import clock, ids
from shopbell.db import Database, table
from shopbell.due import BULK, PRIORITIES, URGENT, Claimed, DueWork
from shopbell.prepared import Prepared
from shopbell.tenancy import NoTenant, TenantContext

MAX_ATTEMPTS = 12

WORK = table(DueWork)
HELD = and_(WORK.c.id == func.any(bindparam("rows", type_=ARRAY(Uuid))), WORK.c.lease_token == bindparam("lease"))
"""That rows of one claim are still under its lease."""
RENEW = Prepared(update(WORK).where(HELD).values(run_at=bindparam("until")).returning(WORK.c.id))
FINISH = Prepared(delete(WORK).where(HELD))
GIVE_BACK = Prepared(
    update(WORK).where(HELD).values(run_at=bindparam("until"), lease_token=null(), attempts=WORK.c.attempts - 1)
)


def claim(session: Session, tenant_id: UUID, *, lease: timedelta, limit: int = 50, up_to: int = BULK) -> list[Claimed]:
    """Take up to `limit` due rows of a tenant, of priorities `up_to` this one, in their order."""
    now, turns = clock.now(), [priority for priority in PRIORITIES if priority <= up_to]
    asked = {"tenant": tenant_id, "now": now, "until": now + lease, "token": ids.uuid7(), "turns": turns}
    taken = _taking(limit).run(session, asked)
    return [Claimed(*row[1:]) for row in sorted(taken, key=lambda row: row[:2])]


@cache
def _taking(limit: int) -> Prepared:
    """Priority by priority, so that what is due far in the future is never read past: the nested loop ends at the
    limit. It is a part of the text, so that PostgreSQL can count on it whenever it plans.
    """
    at_most: Any = literal_column(str(limit))
    turns = (
        func.unnest(bindparam("turns", type_=ARRAY(SmallInteger)))
        .table_valued("priority", name="turns")
        .render_derived()
    )
    next_ones = (
        select(WORK.c.id)
        .where(
            WORK.c.tenant_id == bindparam("tenant"),
            WORK.c.priority == turns.c.priority,
            WORK.c.run_at <= bindparam("now"),
            WORK.c.failed_at.is_(None),
        )
        .order_by(WORK.c.run_at)
        .limit(at_most)
        .with_for_update(skip_locked=True)
        .lateral("next_ones")
    )
    due_ids = select(next_ones.c.id).select_from(turns.join(next_ones, true())).limit(at_most)
    return Prepared(
        update(WORK)
        .where(WORK.c.id.in_(due_ids.scalar_subquery()))
        .values(run_at=bindparam("until"), lease_token=bindparam("token"), attempts=WORK.c.attempts + 1)
        .returning(
            *(WORK.c[name] for name in ("priority", "id", "tenant_id", "kind", "key", "payload", "attempts")),
            WORK.c.lease_token,
        )
    )


def still_ours(session: Session, rows: Sequence[Claimed], *, lease: timedelta) -> list[Claimed]:
    """Lock rows of one claim and renew their lease; those that somebody else has, that were moved or are gone are left
    out."""
    if not rows:
        return []
    ours = {held for (held,) in RENEW.run(session, {**_lease(rows), "until": clock.now() + lease})}
    return [row for row in rows if row.id in ours]


def finish(session: Session, rows: Sequence[Claimed]) -> None:
    """Remove rows of one claim, unless the work scheduled itself anew meanwhile."""
    if rows:
        FINISH.run(session, _lease(rows))


def give_back(session: Session, rows: Sequence[Claimed], *, pause: timedelta = timedelta()) -> None:
    """Give back rows of one claim that were not begun: they count no attempt, and are due again after the pause."""
    if rows:
        GIVE_BACK.run(session, {**_lease(rows), "until": clock.now() + pause})


def put_off(session: Session, claimed: Claimed, error: str) -> None:
    """Give a row back after a failure: later and later, and visibly failed after MAX_ATTEMPTS tries."""
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


def _lease(rows: Sequence[Claimed]) -> dict[str, Any]:
    return {"rows": [row.id for row in rows], "lease": rows[0].token}


@dataclass
class Turn:
    """How long a tenant may go on; `ends` is a moment of the monotonic clock."""

    ends: float

    @property
    def is_over(self) -> bool:
        return monotonic() >= self.ends

    def end(self) -> None:
        """Begin nothing more."""
        self.ends = 0.0


@dataclass
class Batch:
    """Claimed rows of one kind for a job that does several at once, in transactions of its own.

    The job takes a handful of rows at a time, is to `keep` them before it begins with them, and to `finish` them when
    it is done. No handful comes once the turn is over: others wait. What was not begun is given back.
    """

    database: Database
    place: TenantContext | None
    rows: list[Claimed]
    lease: timedelta
    turn: Turn
    pause: timedelta = timedelta()
    _begun: int = field(default=0, init=False)

    @property
    def tenant(self) -> TenantContext:
        """Raises NoTenant for work of the installation."""
        if self.place is None:
            raise NoTenant(f"{self.rows[0].kind} is work of the installation")
        return self.place

    @property
    def left(self) -> list[Claimed]:
        """The rows that were not begun."""
        return self.rows[self._begun :]

    def handfuls(self, size: int) -> Iterator[list[Claimed]]:
        """So many rows at a time, until there are no more or the turn is over."""
        while self.left and not (self._begun and self.turn.is_over):
            handful = self.left[:size]
            self._begun += len(handful)
            yield handful

    def keep(self, session: Session, rows: Sequence[Claimed]) -> list[Claimed]:
        """Those of the rows that are still ours, locked, with a fresh lease."""
        return still_ours(session, rows, lease=self.lease)

    def finish(self, session: Session, rows: Sequence[Claimed]) -> None:
        """Remove rows that are done."""
        finish(session, rows)

    def postpone(self, session: Session, rows: Sequence[Claimed], pause: timedelta) -> None:
        """End the turn: these rows, and all that were not begun, are due again after the pause."""
        give_back(session, rows, pause=pause)
        self.pause = pause
        self.turn.end()


WAITING = text(
    """
    with recursive chains as (
        (
            select tenant_id from shared.due_work
            where failed_at is null
                and exists (select from shared.due_work ripe where ripe.run_at <= :now and ripe.failed_at is null)
            order by tenant_id limit 1
        )
        union all
        select (
            select next.tenant_id from shared.due_work next
            where next.failed_at is null and next.tenant_id > chains.tenant_id
            order by next.tenant_id limit 1
        )
        from chains where chains.tenant_id is not null
    )
    select chains.tenant_id, turn.priority
    from chains cross join lateral (
        select turns.priority
        from unnest(cast(:priorities as smallint[])) as turns (priority) cross join lateral (
            select from shared.due_work ripe
            where ripe.tenant_id = chains.tenant_id and ripe.priority = turns.priority
                and ripe.run_at <= :now and ripe.failed_at is null
            order by ripe.run_at limit 1
        ) as oldest
        limit 1
    ) as turn
    where chains.tenant_id is not null
    """
)


@dataclass(frozen=True)
class Waiting:
    """The tenants that have due work: urgent, and any."""

    urgent: list[UUID]
    all: list[UUID]


def waiting(session: Session) -> Waiting:
    """Whose turn it is. Steps from tenant to tenant in an index, so a million rows of one cost as much as one row."""
    found = session.execute(WAITING, {"priorities": list(PRIORITIES), "now": clock.now()}).all()
    return Waiting([row.tenant_id for row in found if row.priority <= URGENT], [row.tenant_id for row in found])
