"""What the operator allows a tenant, and how much of it is used.

What is allowed stands in the directory and comes with the tenant wherever it is entered (`TenantContext.allowances`),
so that asking costs nothing. What is used is counted once an hour by the tenant's own work and noted beside it: a limit
is known to everybody within seconds, and what was used within the hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shopbell import clock
from shopbell.errors import Invalid
from shopbell.tenancy import Allowance, TenantContext
from tenants.models import Tenant, TenantUsage

BRANCHES, BOOKINGS, MESSAGES = "branches", "bookings", "messages"
COLUMN = {BRANCHES: "branch_quota", BOOKINGS: "booking_quota", MESSAGES: "message_quota"}
NAMES = tuple(COLUMN)
WARN_AT = 80
"""Percent of a limit from which the chain's head office is told."""
REFUSE_AT = 150
"""Percent of a month's bookings from which none are taken online. What the desk writes down is never refused."""
LARGEST = 100_000_000


def allowances(
    time_zone: str, limits: Sequence[int | None], used: Sequence[int | None], month: date | None
) -> Mapping[str, Allowance]:
    """A tenant's allowances; `limits` and `used` in the order of NAMES. Bookings and messages of another month than the
    one that it is there now count no more."""
    lately = month is not None and month == month_of(clock.now(), time_zone)
    counts = {name: amount if lately or name == BRANCHES else 0 for name, amount in zip(NAMES, used, strict=True)}
    return {name: Allowance(limit, counts[name] or 0) for name, limit in zip(NAMES, limits, strict=True)}


def month_of(at: datetime, time_zone: str) -> date:
    """The first day of the month that it is there."""
    return at.astimezone(clock.zone(time_zone)).date().replace(day=1)


def set_limits(directory: Session, tenant_id: UUID, limits: Mapping[str, int | None]) -> None:
    """Allow a tenant so many branches, and bookings and messages a month; None is as many as it likes. May be repeated.

    Nothing that is there goes away. Raises Invalid naming the field, one of NAMES.
    """
    wrong = {name for name in NAMES if limits[name] is not None and not 0 <= (limits[name] or 0) <= LARGEST}
    if wrong:
        raise Invalid(fields=dict.fromkeys(sorted(wrong), f"a whole number from 0 to {LARGEST}, or nothing"))
    values = {COLUMN[name]: limits[name] for name in NAMES}
    directory.execute(update(Tenant).where(Tenant.id == tenant_id).values(values))


def note(directory: Session, tenant: TenantContext, month: date, used: Mapping[str, int], *, failed: int) -> None:
    """Write down what has just been counted."""
    values = {"month": month, **{name: used[name] for name in NAMES}, "failed_messages": failed}
    values["counted_at"] = clock.now()
    statement = insert(TenantUsage).values(tenant_id=tenant.id, **values)
    directory.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=values))
