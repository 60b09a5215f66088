"""Entries and what changed with them, newest first, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, func, literal, select, text, union_all
from sqlalchemy.orm import Session

from shopbell.audit import AuditChange, AuditEntry

PAGE = 50
BATCH = 500
ACTORS = 200


@dataclass(frozen=True)
class Filter:
    """What is looked for; empty means everything. `subject` is the id of a row, of whatever table."""

    actor_id: UUID | None = None
    kind: str = ""
    subject: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Change:
    """A row that is different now: column to [before, after]."""

    table: str
    row_id: str
    op: str
    fields: dict[str, list[Any]]


@dataclass
class Entry:
    """One use of a permission. `changes` are at most CHANGES_SHOWN of the rows altered with it."""

    id: UUID
    at: datetime
    xid: str
    kind: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    behalf: str
    address: str
    permission: str
    endpoint: str
    subject_ids: list[UUID]
    changes: list[Change] = field(default_factory=list)
    changed: int = 0


COLUMNS = tuple(getattr(AuditEntry, name) for name in Entry.__dataclass_fields__ if name not in {"changes", "changed"})
CHANGES_SHOWN = 20

# From one actor to the next along the index: `distinct` would read every entry there is.
LEFT_ENTRIES = text("""
    with recursive seen as (
        (select actor_id, actor_name from audit_entries where actor_id is not null
          order by actor_id desc, id desc limit 1)
        union all
        select next.actor_id, next.actor_name from seen, lateral (
            select actor_id, actor_name from audit_entries where actor_id < seen.actor_id
             order by actor_id desc, id desc limit 1) as next
    ) select actor_id, actor_name from seen limit :most
""").columns(actor_id=Uuid, actor_name=Text)


def entries(session: Session, wanted: Filter, *, before: UUID | None = None, limit: int = PAGE) -> list[Entry]:
    """A page of entries with what changed; `before` is the id that ended the page before. Two queries."""
    statement = _wanted(wanted).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    found = [Entry(*row) for row in session.execute(statement)]
    _add_changes(session, found)
    return found


def all_entries(session: Session, wanted: Filter) -> Iterator[Entry]:
    """Everything that is wanted, newest first, a batch in memory at a time."""
    before: UUID | None = None
    while batch := entries(session, wanted, before=before, limit=BATCH):
        yield from batch
        before = batch[-1].id


def actors(session: Session) -> list[tuple[UUID, str]]:
    """Who has left entries, by their latest name: ACTORS of them at most."""
    found = session.execute(LEFT_ENTRIES, {"most": ACTORS})
    return sorted(((actor_id, name) for actor_id, name in found), key=lambda one: one[1])


def _wanted(wanted: Filter) -> Select[tuple[Any, ...]]:
    statement = select(*COLUMNS)
    if wanted.actor_id:
        statement = statement.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.kind:
        statement = statement.where(AuditEntry.kind == wanted.kind)
    if wanted.since:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        statement = statement.where(AuditEntry.at < wanted.until)
    if wanted.subject:
        # By the entry itself, or by a row that changed with it.
        touched = select(AuditChange.xid).where(AuditChange.row_id == str(wanted.subject))
        named = select(AuditEntry.id).where(AuditEntry.subject_ids.contains([wanted.subject]))
        by_change = select(AuditEntry.id).where(AuditEntry.xid.in_(touched))
        statement = statement.where(AuditEntry.id.in_(union_all(named, by_change)))
    return statement


def _add_changes(session: Session, found: Sequence[Entry]) -> None:
    """What the entries' transactions changed. One query, at most CHANGES_SHOWN rows for each."""
    xids = {entry.xid for entry in found}
    if not xids:
        return
    place = func.row_number().over(partition_by=AuditChange.xid, order_by=AuditChange.table_name).label("place")
    amount = func.count(literal(1)).over(partition_by=AuditChange.xid).label("amount")
    columns = (AuditChange.xid, AuditChange.table_name, AuditChange.row_id, AuditChange.op, AuditChange.fields)
    numbered = select(*columns, place, amount).where(AuditChange.xid.in_(xids)).subquery()
    by_xid: dict[str, list[Change]] = defaultdict(list)
    amounts: dict[str, int] = {}
    for xid, *change, _place, total in session.execute(select(numbered).where(numbered.c.place <= CHANGES_SHOWN)):
        by_xid[xid].append(Change(*change))
        amounts[xid] = total
    for entry in found:
        entry.changes, entry.changed = by_xid.get(entry.xid, []), amounts.get(entry.xid, 0)
