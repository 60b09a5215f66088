"""Which branches' configuration has changed, told from the rows themselves.

`config_version` says that something has changed, and any change makes everything new. Whoever remembers two hundred
branches asks then for their marks: one number per branch, made of where each of its rows lies and which transaction
wrote it. It is another one as soon as a row came, went or was written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from shopbell.prepared import Prepared

Marks = dict[UUID | None, int]
"""A mark per branch; under None that of what holds for all of them."""

# Every part is put together of names that stand in our own code.
PLACE = "concat_ws(' ', {table}.tableoid, {table}.ctid, {table}.xmin)"
ROW = f"select {{whose}} as whose, hashtextextended({PLACE}, 0) as mark from {{table}}{{along}}"  # noqa: S608


def rows_of(table: str, whose: str = "branch_id", along: str = "") -> str:
    """SQL for the rows of a table: whose each is (an expression), and its mark. One that concerns several is joined
    `along` with them."""
    return ROW.format(table=table, whose=whose, along=along and f" {along}")


def together(parts: Iterable[str]) -> str:
    """SQL for everybody's one mark, of all that the parts give."""
    return f"select whose, bit_xor(mark) as mark from ({' union all '.join(parts)}) as marked group by whose"  # noqa: S608


def read(session: Session, statement: Prepared) -> Marks:
    return dict(statement.run(session, {}))
