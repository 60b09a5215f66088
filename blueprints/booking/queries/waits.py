"""How long visits really took, and how long people waited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Float, Uuid, bindparam, text
from sqlalchemy.orm import Session

REAL = text(
    """
    select branch_id, service_id, person_id, count(*),
           percentile_cont(cast(:shares as double precision[])) within group (order by ratio)
      from (select branch_id, service_id, person_id,
                   date_part('epoch', finished_at - started_at) / date_part('epoch', ends_at - starts_at) as ratio
              from bookings
             where branch_id = any(:branches) and starts_at >= :since and starts_at < :until and status = 'done'
               and started_at is not null and finished_at > started_at) as visits
     where ratio between 0.2 and 5
     group by grouping sets ((branch_id, service_id, person_id), (branch_id, service_id))
    """
).bindparams(bindparam("branches", type_=ARRAY(Uuid)), bindparam("shares", type_=ARRAY(Float)))
Taught = tuple[UUID, UUID, UUID | None, int, tuple[float, ...]]


def real_minutes(
    session: Session, branch_ids: Collection[UUID], since: datetime, until: datetime, shares: Collection[float]
) -> list[Taught]:
    """Of finished visits: (branch, service, person or None for all of them, how many, real by planned minutes at these
    shares). What was ticked off within moments, or forgotten for hours, says nothing and is left out."""
    values = {"branches": list(branch_ids), "since": since, "until": until, "shares": list(shares)}
    rows = session.execute(REAL, values)
    return [(branch, service, person, count, tuple(ratios)) for branch, service, person, count, ratios in rows]


QUEUE_DAYS = text(
    """
    select walk_ins.branch_id, (arrived_at at time zone branches.time_zone)::date as day,
           count(*) as tickets, count(seated_at) as served,
           coalesce(sum(date_part('epoch', seated_at - arrived_at) / 60), 0) as waited,
           count(quoted_high) filter (where seated_at is not null) as promised,
           count(*) filter (where seated_at <= arrived_at + make_interval(mins => quoted_high)) as kept,
           count(*) filter (where seated_at <= arrived_at + make_interval(mins => :target)) as in_target,
           count(*) filter (where status = 'left') as gone
      from walk_ins join branches on branches.id = walk_ins.branch_id
     where walk_ins.branch_id = any(:branches) and arrived_at >= :since and arrived_at < :until
     group by 1, 2
    """
).bindparams(bindparam("branches", type_=ARRAY(Uuid)))
VISIT_DAYS = text(
    """
    select bookings.branch_id, (starts_at at time zone branches.time_zone)::date as day,
           count(*) filter (where started_at is not null and arrived_at is not null and source <> 'walk_in') as visits,
           coalesce(sum(greatest(date_part('epoch', started_at - greatest(arrived_at, starts_at)) / 60, 0))
                    filter (where arrived_at is not null and source <> 'walk_in'), 0) as waited,
           count(*) filter (where status = 'no_show') as no_shows
      from bookings join branches on branches.id = bookings.branch_id
     where bookings.branch_id = any(:branches) and starts_at >= :since and starts_at < :until
     group by 1, 2
    """
).bindparams(bindparam("branches", type_=ARRAY(Uuid)))


@dataclass(frozen=True)
class DayWaits:
    """How long people waited at a branch on a local day. Minutes are sums; see arrivals for what they mean."""

    branch_id: UUID
    day: date
    tickets: int = 0
    served: int = 0
    waited: int = 0
    promised: int = 0
    kept: int = 0
    in_target: int = 0
    left: int = 0
    visits: int = 0
    visits_waited: int = 0
    no_shows: int = 0


def waits(
    session: Session, branch_ids: Collection[UUID], since: datetime, until: datetime, target_minutes: int
) -> list[DayWaits]:
    """Walk-ins and appointments between two instants, per branch and local day, by branch and day. Two queries."""
    values = {"branches": list(branch_ids), "since": since, "until": until}
    days: dict[tuple[UUID, date], dict[str, Any]] = defaultdict(dict)
    for row in session.execute(QUEUE_DAYS, {**values, "target": target_minutes}):
        days[row.branch_id, row.day] |= {
            "tickets": row.tickets,
            "served": row.served,
            "waited": round(row.waited),
            "promised": row.promised,
            "kept": row.kept,
            "in_target": row.in_target,
            "left": row.gone,
        }
    for row in session.execute(VISIT_DAYS, values):
        days[row.branch_id, row.day] |= {
            "visits": row.visits,
            "visits_waited": round(row.waited),
            "no_shows": row.no_shows,
        }
    return [DayWaits(*key, **days[key]) for key in sorted(days, key=lambda key: (str(key[0]), key[1]))]
