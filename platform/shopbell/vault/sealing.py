"""Sealing a tenant: at once for a new one, row by row for one that has lived in clear. And new data keys for its rows.

A walk goes over a table in the order of its key, some rows in each transaction, and writes those anew that are in clear
or sealed with an older key. It is due work: it goes on after a crash where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from shopbell import clock, due
from shopbell.db import Database
from shopbell.tenancy import TenantContext, current_tenant
from shopbell.vault import keys
from shopbell.vault.columns import Sealed
from shopbell.vault.models import DataKey, SealedTable
from shopbell.vault.ring import BLIND_NUMBER, REMEMBER_SECONDS, Ring, forget, number_of, ring

WALK, RETIRE = "vault.walk", "vault.retire"
BATCH = 500
SETTLED = timedelta(seconds=4 * REMEMBER_SECONDS)
"""After a new key was made: every process seals with it."""
LAST_TRANSACTION = timedelta(days=1)
"""By then nothing runs any more that began before a walk passed."""
OLDER = "substring({0} from 2 for 2) < :number"
"""Long values lie beside the table: so only their first bytes are fetched."""

Columns = Mapping[str, tuple[Sealed, ...]]


def by_table(columns: Iterable[Sealed]) -> dict[str, tuple[Sealed, ...]]:
    ordered = sorted(columns, key=lambda column: column.table)
    return {table: tuple(found) for table, found in groupby(ordered, key=lambda column: column.table)}


def start(session: Session) -> None:
    """Seal the current tenant, which is new: nothing is ever in clear there."""
    keys.ensure(session)
    session.execute(update(SealedTable).values(begun_at=func.now(), finished_at=func.now(), key_number=1))


def close(database: Database, tenant: TenantContext) -> list[str]:
    """Write nothing in clear from now on, and have what is there sealed by due work; returns the tables it begins with.

    No process of a release that does not know of sealing may run. Harmless to repeat.
    """
    with database.transaction(tenant) as session:
        keys.ensure(session)
        statement = select(SealedTable.table_name).where(SealedTable.begun_at.is_(None))
        tables = list(session.scalars(statement.order_by(SealedTable.table_name)))
    for table in tables:
        with database.transaction(tenant) as session:
            # Whoever is writing in clear comes to an end first, and whoever comes after this is refused.
            session.execute(text("set local lock_timeout = '2s'"))
            session.execute(text(f"lock table {table} in share row exclusive mode"))
            session.execute(update(SealedTable).where(SealedTable.table_name == table).values(begun_at=func.now()))
            due.schedule(session, WALK, table, clock.now())
    forget(tenant.id)
    return tables


def rotate(session: Session) -> int:
    """A new data key for the current tenant, and every row sealed with it by due work; returns its number."""
    number = keys.replace(session)
    for table in session.scalars(select(SealedTable.table_name).where(SealedTable.begun_at.is_not(None))).all():
        due.schedule(session, WALK, table, clock.now() + SETTLED)
    return number


def jobs(columns: Iterable[Sealed]) -> tuple[Callable[..., None], ...]:
    """The handlers of the due work of sealing."""
    known = by_table(columns)

    @due.job(WALK)
    def walk(session: Session, key: str, payload: dict[str, Any]) -> None:
        last = step(session, known[key], payload.get("after"))
        if last is not None:
            due.schedule(session, WALK, key, clock.now(), {"after": str(last)})
        elif not ring(session).seals(key):
            return  # What is always sealed in a table that is in clear: there is no more to it.
        elif in_clear(session, known[key]):
            due.schedule(session, WALK, key, clock.now())
        else:
            _finish(session, key)

    @due.job(RETIRE)
    def retire(session: Session, key: str, payload: dict[str, Any]) -> None:
        left = [table for table, found in known.items() if _older(session, found, int(key))]
        for table in left:
            due.schedule(session, WALK, table, clock.now())
        if not left:
            mine = (DataKey.tenant_id == current_tenant().id, DataKey.number != BLIND_NUMBER)
            session.execute(delete(DataKey).where(*mine, DataKey.number < int(key)))

    return walk, retire


def step(session: Session, columns: tuple[Sealed, ...], after: str | None) -> UUID | None:
    """Seal the next rows of a table; returns the last one's key, or None at the end."""
    keys_of, first = ring(session), columns[0]
    beyond = "" if after is None else f"where {first.key} > :after"
    rows = _rows(session, columns, f"{beyond} order by 1 limit {BATCH}", {"after": after} if after else {})
    # Locked are only those that are to be written: most visits have no note.
    behind = [row["row"] for row in rows if _is_behind(keys_of, columns, row)]
    locked = f"where {first.key} = any(:rows) order by 1 for update"
    found = _rows(session, columns, locked, {"rows": behind}) if behind else []
    changed = [_sealed(keys_of, columns, row) for row in found]
    if changed:
        settings = ", ".join(f"{name} = :{name}" for name in changed[0] if name != "row")
        session.execute(text(f"update {first.table} set {settings} where {first.key} = :row"), changed)  # noqa: S608
    return rows[-1]["row"] if len(rows) == BATCH else None


def _rows(
    session: Session, columns: tuple[Sealed, ...], which: str, values: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    names = ", ".join(f"{_clear(column)} as {column.name}, {column.sealed_name}" for column in columns)
    # S608: names that a feature declares in its code.
    statement = f"select {columns[0].key} as row, {names} from {columns[0].table} {which}"  # noqa: S608
    return [dict(row) for row in session.execute(text(statement), values).mappings()]


def row_form(keys_of: Ring, columns: tuple[Sealed, ...], row: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """What to write for all personal data of a row, by the columns' plain names."""
    return {name: form for column in columns for name, form in keys_of.form(column, row, values[column.name]).items()}


def in_clear(session: Session, columns: tuple[Sealed, ...]) -> bool:
    """Whether any row of the table holds something in clear."""
    held = " or ".join(column.held() for column in columns if not column.always) or "false"
    return session.scalar(text(f"select true from {columns[0].table} where {held} limit 1")) is not None  # noqa: S608


def _clear(column: Sealed) -> str:
    return "null" if column.always else column.name


def _is_behind(keys_of: Ring, columns: tuple[Sealed, ...], row: Mapping[str, Any]) -> bool:
    if any(row[column.name] != column.empty for column in columns):
        return True
    sealed = [row[column.sealed_name] for column in columns if row[column.sealed_name] is not None]
    return any(number_of(one) != keys_of.newest for one in sealed)


def _sealed(keys_of: Ring, columns: tuple[Sealed, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        column.name: keys_of.value(column, row["row"], row[column.name], row[column.sealed_name]) for column in columns
    }
    return {"row": row["row"], **row_form(keys_of, columns, row["row"], values)}


def _older(session: Session, columns: tuple[Sealed, ...], number: int) -> bool:
    older = " or ".join(OLDER.format(column.sealed_name) for column in columns)
    statement = f"select true from {columns[0].table} where {older} limit 1"  # noqa: S608
    return session.scalar(text(statement), {"number": number.to_bytes(2, "big")}) is not None


def _finish(session: Session, table: str) -> None:
    newest = ring(session).newest
    finished = {"finished_at": func.coalesce(SealedTable.finished_at, func.now()), "key_number": newest}
    session.execute(update(SealedTable).where(SealedTable.table_name == table).values(**finished))
    oldest = session.scalar(select(func.min(SealedTable.key_number)).where(SealedTable.begun_at.is_not(None)))
    if oldest == newest > 1:
        due.schedule(session, RETIRE, str(newest), clock.now() + LAST_TRANSACTION)
    forget(current_tenant().id)
