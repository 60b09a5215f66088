"""Appointments ahead that other settings would break: counted and listed in one query each, whatever the branches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, bindparam, func, select, text
from sqlalchemy.orm import Session

from blueprints.booking.models import UPCOMING, Booking
from shopbell import clock
from shopbell.spans import Span

CAUSES = ("hours", "service", "longer", "price", "terms")
"""Outside the new hours; no longer given there; the people or rooms have something else, or the branch closes, before
a longer appointment ends; the price is another than was told; the terms would be stricter. Price and terms stay those
that were written with the appointment."""


@dataclass(frozen=True)
class Differs:
    """From `first_day` to `last_day` something is otherwise for a service at a branch; `factor`: of its minutes."""

    branch_id: UUID
    service_id: UUID
    cause: str
    first_day: date
    last_day: date
    factor: float = 1.0


Days = Mapping[UUID, Mapping[date, Sequence[Span]]]


@dataclass(frozen=True)
class Changed:
    """What would be otherwise: `closing` are the hours of days that get other ones, `opening` those of days on which
    something takes longer, in minutes of the branch's day."""

    differs: Sequence[Differs]
    closing: Days
    opening: Days


@dataclass(frozen=True)
class Broken:
    booking_id: UUID
    branch_id: UUID
    service_id: UUID
    ref: str
    starts_at: datetime
    cause: str


HIT = """
with differs as (
    select branch_id, service_id, cause, first_day, last_day, factor from jsonb_to_recordset(cast(:differs as jsonb))
           as d (branch_id uuid, service_id uuid, cause text, first_day date, last_day date, factor float)),
closing as (
    select branch_id, day, cast(spans as int4multirange) as spans
      from jsonb_to_recordset(cast(:closing as jsonb)) as h (branch_id uuid, day date, spans text)),
opening as (
    select branch_id, day, cast(spans as int4multirange) as spans
      from jsonb_to_recordset(cast(:opening as jsonb)) as h (branch_id uuid, day date, spans text)),
ahead as (
    select b.id, b.branch_id, b.service_id, b.ref, b.starts_at, b.ends_at,
           b.starts_at at time zone r.time_zone as begins,
           b.ends_at at time zone r.time_zone as ends
      from bookings b join branches r on r.id = b.branch_id
     where b.branch_id = any(:branches) and b.starts_at >= :since and b.status = any(:upcoming)
       and b.service_id is not null),
placed as (
    select id, branch_id, service_id, ref, starts_at, begins::date as day,
           extract(hour from begins)::int * 60 + extract(minute from begins)::int as opens,
           (ends::date - begins::date) * 1440 + extract(hour from ends)::int * 60
           + extract(minute from ends)::int as closes
      from ahead),
hit as (
    select id, branch_id, service_id, ref, starts_at, 'hours' as cause from placed join closing using (branch_id, day)
     where not closing.spans @> int4range(opens, closes)
    union all
    select id, branch_id, service_id, ref, starts_at, differs.cause
      from placed join differs using (branch_id, service_id)
     where day between first_day and last_day and differs.cause <> 'longer'
    union all
    select id, branch_id, service_id, ref, starts_at, differs.cause
      from placed join differs using (branch_id, service_id) join opening using (branch_id, day)
     where day between first_day and last_day and differs.cause = 'longer'
       and (not opening.spans @> int4range(opens, opens + ceil((closes - opens) * factor)::int)
            or exists (select from allocations mine join allocations other
                                on other.resource_id = mine.resource_id and other.booking_id <> mine.booking_id
                               and other.starts_at >= mine.starts_at
                               and other.starts_at < mine.starts_at + (mine.ends_at - mine.starts_at) * factor
                        where mine.booking_id = placed.id)))
"""
LISTS = bindparam("branches", type_=ARRAY(Uuid)), bindparam("upcoming", type_=ARRAY(String))
COUNT = text(
    f"{HIT} select branch_id, cause, count(*) from hit group by branch_id, cause"  # noqa: S608 - a constant
).bindparams(*LISTS)
PAGE = text(
    f"{HIT} select id, branch_id, service_id, ref, starts_at, cause from hit "  # noqa: S608 - a constant
    "order by starts_at, id, cause limit :limit offset :start"
).bindparams(*LISTS)


def count_broken(
    session: Session, changed: Changed, branch_ids: Sequence[UUID], since: datetime
) -> dict[UUID, dict[str, int]]:
    """How many appointments ahead each cause hits at each branch; one may be hit by several."""
    found: dict[UUID, dict[str, int]] = {}
    for branch_id, cause, number in session.execute(COUNT, _values(changed, branch_ids, since)):
        found.setdefault(branch_id, {})[cause] = number
    return found


def list_broken(
    session: Session, changed: Changed, branch_ids: Sequence[UUID], since: datetime, *, start: int, limit: int
) -> list[Broken]:
    """Some of them, in the order of their starts."""
    values = {**_values(changed, branch_ids, since), "start": start, "limit": limit}
    return [Broken(*row) for row in session.execute(PAGE, values)]


def last_start(session: Session, branch_ids: Sequence[UUID]) -> datetime:
    """The start of the last appointment ahead; now when there is none."""
    statement = select(func.max(Booking.starts_at)).where(
        Booking.branch_id.in_(list(branch_ids)), Booking.status.in_(UPCOMING)
    )
    return max(session.scalar(statement) or clock.now(), clock.now())


def _values(changed: Changed, branch_ids: Sequence[UUID], since: datetime) -> dict[str, Any]:
    differs = [
        {
            "branch_id": str(one.branch_id),
            "service_id": str(one.service_id),
            "cause": one.cause,
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat(),
            "factor": one.factor,
        }
        for one in changed.differs
    ]
    return {
        "differs": json.dumps(differs),
        "closing": _hours(changed.closing),
        "opening": _hours(changed.opening),
        "branches": list(branch_ids),
        "since": since,
        "upcoming": sorted(UPCOMING),
    }


def _hours(days: Days) -> str:
    rows = [
        {
            "branch_id": str(branch_id),
            "day": day.isoformat(),
            "spans": "{" + ",".join(f"[{opens},{closes})" for opens, closes in spans) + "}",
        }
        for branch_id, found in days.items()
        for day, spans in found.items()
    ]
    return json.dumps(rows)
