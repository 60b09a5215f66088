"""Who saw or changed what, and from where: rows that are only ever added.

Two tables that meet in the transaction. An *entry* says who did what (a permission used, the ids it was used on); a
*change* says which fields of which row are different now, written by triggers of the database itself, so that no path
into a table goes around them. Both carry the id of the transaction that wrote them. A change without an entry was made
by the system: a job, a migration.

A request writes its entry in its own transaction: it is kept exactly if what it tells of happened. What was refused is
written in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Uuid, insert, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import clock, ids
from shopbell.auth import Principal
from shopbell.db import TenantBase, Xid8, table
from shopbell.prepared import Prepared

KINDS = ("change", "read", "refused")


class AuditEntry(TenantBase):
    """Somebody used a permission, or was refused it. `subject_ids` are the rows it was used on, as far as the address
    or the view names them; `behalf` whom somebody acted for."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        Index("ix_audit_entries_actor_id_id", "actor_id", "id"),
        Index("ix_audit_entries_subject_ids", "subject_ids", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"), index=True)
    kind: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    behalf: Mapped[str] = mapped_column(server_default=text("''"))
    address: Mapped[str]
    permission: Mapped[str]
    endpoint: Mapped[str]
    subject_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class AuditChange(TenantBase):
    """A row that was added, changed or removed. `fields` maps a column to [before, after]; what is secret or personal
    shows as "…" on both sides."""

    __tablename__ = "audit_changes"
    __table_args__ = (CheckConstraint("op in ('INSERT', 'UPDATE', 'DELETE')", name="op"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    xid: Mapped[str] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"), index=True)
    table_name: Mapped[str]
    row_id: Mapped[str] = mapped_column(index=True)
    op: Mapped[str]
    fields: Mapped[dict[str, Any]]


@dataclass(frozen=True)
class Audited:
    """How a table's changes are written down: `key` names its row, `hidden` columns show that they changed and not to
    what ("*": all), `inserts` says whether a new row is worth a line."""

    table: str
    key: str = "id"
    hidden: tuple[str, ...] = ()
    inserts: bool = True


ENTRY = Prepared(insert(table(AuditEntry)))


def record(
    session: Session,
    principal: Principal,
    permission: str,
    *,
    kind: str,
    endpoint: str,
    address: str,
    subjects: Iterable[UUID] = (),
) -> None:
    """Write an entry into the session's transaction."""
    values = {
        "id": ids.uuid7(),
        "at": clock.now(),
        "kind": kind,
        "actor_kind": principal.kind,
        "actor_id": principal.id,
        "actor_name": principal.name,
        "behalf": principal.behalf,
        "address": address,
        "permission": permission,
        "endpoint": endpoint,
        "subject_ids": list(dict.fromkeys(subjects)),
    }
    ENTRY.run(session, values)


def function_statements() -> list[str]:
    """DDL for a migration: the trigger functions, and the guard that lets nobody alter what was written."""
    return [
        CHANGED,
        KEPT,
        *(
            f"create trigger audit_kept before update or delete on {name} for each row execute function audit_kept()"
            for name in ("audit_entries", "audit_changes")
        ),
    ]


def trigger_statements(audited: Audited) -> list[str]:
    """DDL for a migration: what writes down a table's changes."""
    arguments = f"'{audited.key}', '{','.join(audited.hidden)}'"
    others = "insert or delete" if audited.inserts else "delete"
    return [
        f"create trigger audit_update after update on {audited.table} for each row "
        f"when (old.* is distinct from new.*) execute function audit_changed({arguments})",
        f"create trigger audit_rows after {others} on {audited.table} "
        f"for each row execute function audit_changed({arguments})",
    ]


CHANGED = """
create function audit_changed() returns trigger language plpgsql as $$
declare
    before jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else to_jsonb(old) end;
    after jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) end;
    row jsonb := case when tg_op = 'DELETE' then before else after end;
    hidden text[] := string_to_array(tg_argv[1], ',');
    named text;
    found jsonb;
begin
    select string_agg(row ->> part, ' ' order by place) into named
      from unnest(string_to_array(tg_argv[0], ',')) with ordinality as key (part, place);
    select jsonb_object_agg(name, case when name = any (hidden) or '*' = any (hidden)
                                       then '["…", "…"]'::jsonb
                                       else jsonb_build_array(before -> name, after -> name) end) into found
      from jsonb_object_keys(before || after) as name
     where (before -> name) is distinct from (after -> name);
    if found is not null then
        insert into audit_changes (table_name, row_id, op, fields)
        values (tg_table_name, coalesce(named, ''), tg_op, found);
    end if;
    return null;
end $$
"""

KEPT = """
create function audit_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('shopbell.audit_retention', true) = 'over' then
        return old;
    end if;
    raise exception using message = 'what was written into ' || tg_table_name || ' stays as it is';
end $$
"""

FORGET = "set local shopbell.audit_retention = 'over'"
"""Said before rows whose time of keeping is over may be removed."""
