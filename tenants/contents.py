"""What a tenant's schema holds, in a form that is the same wherever it lies: for archives, moves and checks of both.

Transaction ids mean something in one cluster only. `changed_xid` (decision 5) is left out and stamped anew where rows
arrive. Others link rows that one transaction wrote: they are carried as small numbers and arrive as ids that no cluster
will ever give out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

OWN = frozenset({"alembic_version", "config_version"})
"""Made anew wherever a schema is made."""
STAMPED = "changed_xid"
NEVER_GIVEN = 1 << 62
CARRIED = {"outbox": "relayed_at is null", "due_work": "true", "deliveries": "true", "data_keys": "true"}
"""What of the shared tables goes with a tenant: facts not told yet, work to do, what has been heard, and the keys of
its personal data, wrapped."""
HELD = frozenset({"tenant_id", "lease_token", "hinted_at"})
"""What is not carried of these: who does the work now."""
STEADY = (
    "set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'iso_8601';"
    "set local extra_float_digits = 1; set local bytea_output = 'hex'"
)
"""Said before rows are turned into text."""


@dataclass(frozen=True)
class Column:
    name: str
    type: str

    @property
    def links(self) -> bool:
        return self.type == "xid8"


@dataclass(frozen=True)
class Table:
    """A table that is carried. `where` picks the tenant's rows of a shared one."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    shared: bool = False
    where: str = "true"

    @property
    def sql_name(self) -> str:
        return f'shared."{self.name}"' if self.shared else f'"{self.name}"'

    @property
    def member(self) -> str:
        """Its place in an archive."""
        return f"{'shared' if self.shared else 'tables'}/{self.name}.jsonl"

    @property
    def links(self) -> bool:
        return any(column.links for column in self.columns)

    @property
    def names(self) -> str:
        return ", ".join(f'"{column.name}"' for column in self.columns)

    @property
    def order(self) -> str:
        types = {column.name: column.type for column in self.columns}
        return ", ".join(f'"{name}"' + (' collate "C"' if _is_text(types[name]) else "") for name in self.key)


def _is_text(type_: str) -> bool:
    return type_ in {"text", "character varying"}


COLUMNS = text(
    """
    select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod),
           array(select k.attname::text from unnest(i.indkey::int2[]) with ordinality as part (number, place)
                   join pg_attribute k on k.attrelid = c.oid and k.attnum = part.number order by part.place)
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_index i on i.indrelid = c.oid and i.indisprimary
     where c.relnamespace = cast(:schema as regnamespace) and c.relkind = 'r' and a.attgenerated = ''
     order by c.relname collate "C", a.attnum
    """
)


def tables(session: Session, schema: str) -> list[Table]:
    """The tenant's own tables, by name."""
    return [table for table in _tables(session, schema) if table.name not in OWN]


def shared_tables(session: Session, tenant_id: Any) -> list[Table]:
    """What goes with the tenant of its server's shared tables."""
    found = []
    for table in _tables(session, "shared"):
        if table.name in CARRIED:
            kept = tuple(column for column in table.columns if column.name not in HELD)
            where = f"tenant_id = '{tenant_id}' and {CARRIED[table.name]}"
            key = tuple(name for name in table.key if name not in HELD)
            found.append(Table(table.name, kept, key, shared=True, where=where))
    return found


def _tables(session: Session, schema: str) -> list[Table]:
    rows = session.execute(COLUMNS, {"schema": schema}).all()
    found = []
    for name, group in groupby(rows, key=lambda row: row[0]):
        listed = list(group)
        columns = tuple(Column(row[1], row[2]) for row in listed if row[1] != STAMPED)
        found.append(Table(name, columns, tuple(listed[0][3])))
    return found


def sequences(session: Session, schema: str) -> dict[str, tuple[int, bool]]:
    """Each sequence's last value, and whether that was given out."""
    statement = text("select sequencename::text from pg_sequences where schemaname = :schema order by 1")
    found = {}
    for name in session.scalars(statement, {"schema": schema}).all():
        row = session.execute(text(f'select last_value, is_called from "{name}"')).one()  # noqa: S608
        found[name] = (row.last_value, row.is_called)
    return found


def set_sequences(session: Session, values: dict[str, tuple[int, bool]]) -> None:
    for name, (last, called) in values.items():
        session.execute(
            text("select setval(cast(:name as regclass), :last, :called)"),
            {"name": f'"{name}"', "last": last, "called": called},
        )


def rows(table: Table, of: list[Table], *, placed: bool = False, base64: bool = False) -> str:
    """The SQL of a table's rows, in the order of its key. `placed`: links as they are to arrive; else as numbers."""
    out = ", ".join(f'{_out(column, placed, base64)} as "{column.name}"' for column in table.columns)
    numbers, join = _numbers(table, of)
    # S608: names from the catalogue of a schema that we made.
    return f"{numbers} select {out} from {table.sql_name} as t {join} where {table.where} order by {table.order}"  # noqa: S608


def _out(column: Column, placed: bool, base64: bool) -> str:
    if column.links:
        return f"({NEVER_GIVEN} + n.number)::text::xid8" if placed else "n.number"
    if base64 and column.type == "bytea":
        return f"translate(encode(t.\"{column.name}\", 'base64'), e'\\n', '')"
    return f't."{column.name}"'


def _numbers(table: Table, of: list[Table]) -> tuple[str, str]:
    """What numbers the transactions that link rows, over all tables."""
    if not table.links:
        return "", ""
    linking = [(other.sql_name, column.name) for other in of for column in other.columns if column.links]
    union = " union ".join(f'select "{column}" as xid from {name}' for name, column in linking)  # noqa: S608
    own = next(column.name for column in table.columns if column.links)
    numbers = f"with n as (select xid, dense_rank() over (order by xid) as number from ({union}) as every)"  # noqa: S608
    return numbers, f'join n on n.xid = t."{own}"'


def checksum(session: Session, table: Table, of: list[Table]) -> tuple[int, str]:
    """How many rows there are, and a sum over all of them that does not depend on their order."""
    # 60 bits of each row's MD5, which is no secret's guard here: it tells a copy from its original.
    each = "(('x' || left(md5(r::text), 15))::bit(60))::bigint"
    statement = f"select count(*), coalesce(sum({each}), 0)::text from ({rows(table, of)}) as r"  # noqa: S608
    row = session.execute(text(statement.replace(":", "\\:"))).one()
    return row[0], row[1]


def raw(session: Session) -> psycopg.Connection[Any]:
    """The driver's connection, in the session's transaction: for COPY."""
    found: psycopg.Connection[Any] = session.connection().connection.dbapi_connection  # type: ignore[assignment]
    return found
