"""Which columns hold personal data, declared once beside the table, and their forms in a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class Blind:
    """A column of blind indexes (bigint). Values with one normalised form have one index."""

    column: str
    normalise: Callable[[str], str] = as_it_is


@dataclass(frozen=True)
class Sealed:
    """A text column, in clear in `name` or sealed in `name`_sealed (bytea). `empty` is what it holds when it holds
    nothing; `key` is the table's primary key, a UUID."""

    table: str
    name: str
    empty: str | None = None
    blind: tuple[Blind, ...] = ()
    key: str = "id"

    @property
    def sealed_name(self) -> str:
        return f"{self.name}_sealed"

    @property
    def label(self) -> bytes:
        """What a sealed value is bound to, besides the tenant and the row."""
        return f"{self.table}.{self.name}".encode()


def guard_statements(columns: tuple[Sealed, ...]) -> list[str]:
    """DDL for a migration: the rows of a table's state, and triggers that refuse clear text once it is sealed.

    What a row already holds in clear may stay in it, so that others may change the rest of the row.
    """
    (table,) = {column.table for column in columns}
    filled = [f"(new.{column.name} is distinct from {_literal(column.empty)})" for column in columns]
    changed = [f"(new.{column.name} is distinct from old.{column.name})" for column in columns]
    both = [f"({one} and {other})" for one, other in zip(filled, changed, strict=True)]
    names = ", ".join(column.name for column in columns)
    return [
        f"insert into sealed_tables (table_name) values ('{table}')",  # noqa: S608
        f"create trigger refuse_clear_row before insert on {table} for each row when ({' or '.join(filled)}) "
        "execute function refuse_clear()",
        f"create trigger refuse_clear_change before update of {names} on {table} for each row "
        f"when ({' or '.join(both)}) execute function refuse_clear()",
    ]


def _literal(empty: str | None) -> str:
    return "null" if empty is None else f"'{empty}'"


# The state says: try again. A process that believed the table to be in clear asks anew and finds it sealed.
REFUSE_CLEAR = (
    "create function refuse_clear() returns trigger language plpgsql as $$ begin "
    "if exists (select from sealed_tables where table_name = tg_table_name and begun_at is not null) then "
    "raise exception using errcode = '40001', message = tg_table_name || ' is sealed: nothing is kept in clear there'; "
    "end if; return new; end $$"
)
