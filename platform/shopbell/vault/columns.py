"""Which columns hold personal data, declared once beside the table, and their forms in a row."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

FAST = 1


def as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class Blind:
    """A column of blind indexes (bigint). Values with one normalised form have one index."""

    column: str
    normalise: Callable[[str], str] = as_it_is


@dataclass(frozen=True)
class Sealed:
    """A column, in clear in `name` or sealed in `name`_sealed (bytea). `empty` is what it holds when it holds nothing;
    `key` is a UUID of its own for each row, mostly the table's primary key.

    One that is `always` sealed has no column in clear: it came when chains had keys already (`keys.at_hand`). A `long`
    one is packed first, as what is sealed cannot be packed by the database any more. What is no text is made one by
    `encode`, and again what it was by `decode`.
    """

    table: str
    name: str
    empty: str | None = None
    blind: tuple[Blind, ...] = ()
    key: str = "id"
    always: bool = False
    long: bool = False
    encode: Callable[[Any], str] = as_it_is
    decode: Callable[[str], Any] = as_it_is

    @cached_property
    def sealed_name(self) -> str:
        return f"{self.name}_sealed"

    @cached_property
    def label(self) -> bytes:
        """What a sealed value is bound to, besides the tenant and the row."""
        return f"{self.table}.{self.name}".encode()

    def held(self, row: str = "") -> str:
        """SQL that says whether a row holds something in clear."""
        return f"({row}{self.name} is distinct from {'null' if self.empty is None else repr(self.empty)})"

    def packed(self, text: str) -> bytes:
        """What of a text is sealed."""
        return zlib.compress(text.encode(), FAST) if self.long else text.encode()

    def unpacked(self, packed: bytes) -> str:
        return (zlib.decompress(packed) if self.long else packed).decode()


def guard_statements(columns: tuple[Sealed, ...]) -> list[str]:
    """DDL for a migration: the rows of a table's state, and triggers that refuse clear text once it is sealed.

    What a row already holds in clear may stay in it, so that others may change the rest of the row.
    """
    (table,) = {column.table for column in columns}
    columns = tuple(column for column in columns if not column.always)
    if not columns:
        return [f"insert into sealed_tables (table_name, begun_at, finished_at) values ('{table}', now(), now())"]  # noqa: S608
    filled = [column.held("new.") for column in columns]
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


# The state says: try again. A process that believed the table to be in clear asks anew and finds it sealed.
REFUSE_CLEAR = (
    "create function refuse_clear() returns trigger language plpgsql as $$ begin "
    "if exists (select from sealed_tables where table_name = tg_table_name and begun_at is not null) then "
    "raise exception using errcode = '40001', message = tg_table_name || ' is sealed: nothing is kept in clear there'; "
    "end if; return new; end $$"
)
