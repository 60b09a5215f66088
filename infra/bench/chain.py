"""A large chain: branches of 20 people, a year of past appointments behind them and a book that fills towards today.

Everything is made by the database itself, with the constraint that refuses overlaps taken off meanwhile and put back
over all rows at the end: a million appointments are there within minutes, and none of them overlap.
"""

# ruff: noqa: S608 - constants of ours, in statements of ours

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.booking.models import NO_OVERLAP
from blueprints.catalog.models import Skill
from blueprints.crm import api as crm
from infra.bench.big_branch import service
from shopbell import ids

PEOPLE, ROOMS, DEVICES = 20, 18, 8
ZONE = "Asia/Shanghai"
PAST_EACH = 5000
"""Past appointments of a branch: with 200 of them a million."""
NEAR_DAYS, HORIZON = 3, 60
CENTRE = (31.23, 121.47)


@dataclass(frozen=True)
class Chain:
    """`exam` takes 40 minutes of a person, a room and part of it a device; `fitting` a quarter of an hour of a person
    only. `today` is the first day of the book."""

    exam: UUID
    fitting: UUID
    today: date
    branches: int = 0


def found(session: Session, today: date) -> Chain:
    """The chain's services and customers, without branches yet."""
    skill = Skill(id=ids.uuid7(), key="chain", name={"en": "Refraction"})
    session.add(skill)
    session.flush()
    exam = service(session, "chain-exam", skill.id, ((10, "", ""), (20, "room", "device"), (10, "room", "")))
    fitting = service(session, "chain-fitting", skill.id, ((15, "", ""),))
    for number in range(50):
        crm.remember(session, f"Customer {number}", f"+86138{number:08}", None, "en")
    return Chain(exam, fitting, today)


def grow(session: Session, chain: Chain, branches: int) -> Chain:
    """The chain with so many branches, each with its people, rooms and appointments."""
    given = {"first": chain.branches, "last": branches - 1, "exam": chain.exam, "today": chain.today}
    for statement in (*BRANCHES, *APPOINTMENTS):
        session.execute(text(statement), {name: value for name, value in given.items() if f":{name}" in statement})
    constraint = session.scalar(
        text(
            "select pg_get_constraintdef(oid) from pg_constraint "
            f"where conname = '{NO_OVERLAP}' and conrelid = to_regclass('allocations')"
        )
    )
    session.execute(text(f"alter table allocations drop constraint {NO_OVERLAP}"))
    session.execute(text(ALLOCATIONS))
    session.execute(text("set local maintenance_work_mem = '256MB'"))
    session.execute(text(f"alter table allocations add constraint {NO_OVERLAP} {constraint}"))
    session.execute(text("drop table grown, made"))
    return replace(chain, branches=branches)


BRANCHES = (
    f"""
    create temporary table grown on commit drop as
    select gen_random_uuid() as id, n, {CENTRE[0]} + (n * 37 % 100 - 50) / 300.0 as latitude,
           {CENTRE[1]} + (n * 61 % 100 - 50) / 300.0 as longitude
      from generate_series(cast(:first as int), cast(:last as int)) as n
    """,
    f"""
    insert into branches (id, slug, name, address, phone, time_zone, latitude, longitude, position)
    select id, 'chain-' || n, jsonb_build_object('en', 'Branch ' || n), '{{}}', '+862150001234', '{ZONE}',
           latitude, longitude, n
      from grown
    """,
    """
    insert into opening_hours (id, branch_id, weekday, opens, closes)
    select gen_random_uuid(), id, weekday, 540, 1260 from grown, generate_series(0, 6) as weekday
    """,
    f"""
    insert into people (id, name, title, bio, languages, home_branch_id, position)
    select gen_random_uuid(), 'Person ' || n || '-' || one, '{{}}', '{{}}', '{{en}}', grown.id, one
      from grown, generate_series(1, {PEOPLE}) as one
    """,
    """
    insert into person_skills (person_id, skill_id)
    select people.id, skills.id from people join grown on grown.id = home_branch_id, skills where key = 'chain'
    """,
    """
    insert into roster_shifts (id, person_id, branch_id, weekday, starts, ends, valid_from)
    select gen_random_uuid(), people.id, grown.id, weekday, 540 + 60 * (people.position % 2), 1260, date '2020-01-01'
      from people join grown on grown.id = home_branch_id, generate_series(0, 6) as weekday
     where weekday <> people.position % 7
    """,
    """
    insert into roster_exceptions (id, person_id, day, kind)
    select gen_random_uuid(), people.id, cast(:today as date) + (people.position * 7 + n * 3) % 60, 'leave'
      from people join grown on grown.id = home_branch_id where people.position % 3 = 0
    """,
    *(
        f"""
        insert into resources (id, branch_id, kind, type, name)
        select gen_random_uuid(), id, '{kind}', '{kind}', '{kind} ' || one from grown, generate_series(1, {count}) one
        """
        for kind, count in (("room", ROOMS), ("device", DEVICES))
    ),
)
"""What a chain is made of; then what was done there and what is booked: people in rooms of their own number."""

APPOINTMENTS = (
    f"""
    create temporary table made on commit drop as
    with rooms as (
        select branch_id, resource_id, row_number() over (partition by branch_id order by resource_id) as one
          from resources where kind = 'room'
    ), turns as (
        select -1 - turn / 3 as day, 180 * (turn % 3) + 60 as minute, 'done' as status
          from generate_series(0, {PAST_EACH // PEOPLE - 1}) as turn
        union all
        select day, 45 * (turn * 7 % 15), 'booked'
          from generate_series(0, {HORIZON - 1}) as day, generate_series(0, 9) as turn
         where turn < case when day < {NEAR_DAYS} then 10 when day < 14 then 5 else 1 end
    )
    select gen_random_uuid() as id, grown.id as branch_id, people.id as person_id, status,
           people.resource_id as person, rooms.resource_id as room,
           (cast(:today as date) + day + time '10:00' + minute * interval '1 minute') at time zone '{ZONE}' as starts_at
      from grown join people on people.home_branch_id = grown.id
      left join rooms on rooms.branch_id = grown.id and rooms.one = people.position
     cross join turns
    """,
    """
    insert into bookings (id, ref, branch_id, service_id, person_id, customer_id, starts_at, ends_at, status, source,
                          price_minor, currency, created_at)
    select made.id, 'CHAIN22', branch_id, :exam, person_id, (select id from customers limit 1), starts_at,
           starts_at + interval '40 minutes', status, 'web', 100, 'CNY', starts_at - interval '5 days'
      from made
    """,
)
ALLOCATIONS = """
    insert into allocations (booking_id, resource_id, starts_at, ends_at)
    select id, resource, starts_at, starts_at + interval '40 minutes'
      from made, unnest(array[person, room]) as resource where resource is not null
"""
