"""Data keys: made, replaced, wrapped anew, lent to an archive, destroyed."""

from __future__ import annotations

import base64
import os
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shopbell.tenancy import TenantContext, current_tenant
from shopbell.vault.masters import KEY_BYTES, HeldMasters, Masters
from shopbell.vault.models import DataKey
from shopbell.vault.ring import BLIND_NUMBER, REMEMBER_SECONDS, Ring, context, forget, masters, ring

ARCHIVE = "archive"
KNOWN_BY_THEN = timedelta(seconds=2 * REMEMBER_SECONDS)


def ensure(session: Session) -> None:
    """Give the current tenant its first keys, unless it has some. Harmless to repeat."""
    for number in (BLIND_NUMBER, 1):
        _add(session, number, timedelta(0))
    forget(current_tenant().id)


def at_hand(session: Session) -> Ring:
    """The current tenant's ring, with its first keys if it had none: for what is sealed in every tenant, and for blind
    indexes of what may still be in clear."""
    found = ring(session)
    if not found.newest:
        ensure(session)
        found = ring(session)
    return found


def replace(session: Session) -> int:
    """A further data key for the current tenant, which seals once every process knows it; returns its number."""
    found = session.scalar(select(func.max(DataKey.number)).where(DataKey.tenant_id == current_tenant().id)) or 0
    _add(session, found + 1, KNOWN_BY_THEN)
    forget(current_tenant().id)
    return found + 1


def _add(session: Session, number: int, wait: timedelta) -> None:
    tenant_id, wrapping = current_tenant().id, masters()
    values = {
        "tenant_id": tenant_id,
        "number": number,
        "wrapped": wrapping.wrap(context(tenant_id, number), os.urandom(KEY_BYTES)),
        "master": wrapping.newest,
        "seals_from": func.now() + wait,
    }
    session.execute(insert(DataKey).values(**values).on_conflict_do_nothing())


def wrap_anew(session: Session) -> int:
    """Wrap every data key of the session's server by the newest master key; returns how many were not."""
    wrapping = masters()
    rows = session.scalars(select(DataKey).where(DataKey.master != wrapping.newest).with_for_update()).all()
    for row in rows:
        bound = context(row.tenant_id, row.number)
        row.wrapped = wrapping.wrap(bound, wrapping.unwrap(row.master, bound, row.wrapped))
        row.master = wrapping.newest
    return len(rows)


def counts(session: Session) -> dict[str, int]:
    """How many data keys of the session's server each master key wraps."""
    statement = select(DataKey.master, func.count()).group_by(DataKey.master).order_by(DataKey.master)
    return {row[0]: row[1] for row in session.execute(statement)}


def lent(session: Session, tenant: TenantContext, key: bytes) -> list[dict[str, Any]]:
    """The tenant's data keys wrapped by the key of an archive, for whoever may open it elsewhere."""
    into = HeldMasters({ARCHIVE: key})
    return [
        {"number": row.number, "wrapped": base64.b64encode(_wrapped_by(into, row)).decode()}
        for row in session.scalars(_of(tenant))
    ]


def taken(session: Session, tenant: TenantContext, lent: list[dict[str, Any]], key: bytes) -> None:
    """Wrap what an archive lent by this installation's own master key. Raises NoSuchMaster for another key."""
    source, wrapping = HeldMasters({ARCHIVE: key}), masters()
    for one in lent:
        bound = context(tenant.id, one["number"])
        secret = source.unwrap(ARCHIVE, bound, base64.b64decode(one["wrapped"]))
        values = {"wrapped": wrapping.wrap(bound, secret), "master": wrapping.newest}
        mine = (DataKey.tenant_id == tenant.id, DataKey.number == one["number"])
        session.execute(update(DataKey).where(*mine).values(**values))
    forget(tenant.id)


def check(session: Session, tenant: TenantContext) -> None:
    """Raises NoSuchMaster unless this installation can unwrap every data key of the tenant."""
    wrapping = masters()
    for row in session.scalars(_of(tenant)):
        wrapping.unwrap(row.master, context(row.tenant_id, row.number), row.wrapped)


def _of(tenant: TenantContext) -> Select[DataKey]:
    return select(DataKey).where(DataKey.tenant_id == tenant.id).order_by(DataKey.number)


def _wrapped_by(into: Masters, row: DataKey) -> bytes:
    bound = context(row.tenant_id, row.number)
    return into.wrap(bound, masters().unwrap(row.master, bound, row.wrapped))
