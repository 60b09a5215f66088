"""People as far as a search over a whole chain needs them: who can be taken, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.orm import Session

from shopbell import clock

WORKERS = text(
    """
    with work as (
        select person_id, branch_id from roster_shifts
         where branch_id = any(:branches) and (valid_to is null or valid_to >= :since)
        union
        select person_id, branch_id from roster_exceptions
         where branch_id = any(:branches) and kind = 'extra' and day >= :since
    ), able as (
        select person_id, string_agg(skill_id || ' ' || level, ',' order by skill_id) as levels
          from person_skills group by person_id
    )
    select work.branch_id, people.id, people.resource_id, able.levels
      from work join people on people.id = work.person_id and people.active
      left join able on able.person_id = people.id
     order by people.position, people.name, people.id
    """
).bindparams(bindparam("branches", type_=ARRAY(Uuid)))

OTHERS = text(
    """
    with mine as (
        select person_id from roster_shifts where branch_id = :branch
        union select person_id from roster_exceptions where branch_id = :branch
        union select id from people where home_branch_id = :branch
    ), work as (
        select branch_id from roster_shifts where person_id in (select person_id from mine)
        union select branch_id from roster_exceptions where person_id in (select person_id from mine)
        union select home_branch_id from people where id in (select person_id from mine)
    )
    select branch_id from work where branch_id <> :branch
    """
)


@dataclass(frozen=True)
class WorkerView:
    """Somebody who can be booked; `levels` maps their skills to how well they have them."""

    id: UUID
    resource_id: int
    levels: Mapping[UUID, int]


def workers_of(session: Session, branch_ids: Sequence[UUID]) -> dict[UUID, list[WorkerView]]:
    """The active people who work at each of the branches, those whom people_of gives. One query.

    People with the same skills share the same levels.
    """
    since = clock.now().date() - timedelta(days=1)
    found: dict[UUID, list[WorkerView]] = {branch_id: [] for branch_id in branch_ids}
    known: dict[str | None, dict[UUID, int]] = {None: {}}
    rows = session.execute(WORKERS, {"branches": list(branch_ids), "since": since}).all()
    for branch_id, person_id, resource_id, written in rows:
        levels = known.get(written)
        if levels is None:
            pairs = (pair.split(" ") for pair in written.split(","))
            levels = known[written] = {UUID(skill): int(level) for skill, level in pairs}
        found[branch_id].append(WorkerView(person_id, resource_id, levels))
    return found


def other_branches(session: Session, branch_id: UUID) -> list[UUID]:
    """Where else the people of a branch work, ever worked or are at home: their time may be taken there."""
    return list(session.scalars(OTHERS, {"branch": branch_id}))
