"""Every job and every reaction, given the other chain's ids in this chain, finds nothing and changes nothing there.

They are read from the features, so a new one is covered the day it appears. What is due in the other chain is delivered
here as well, with its own key and payload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from sqlalchemy import select, text

from blueprints.registry import handlers
from shopbell import clock, ids
from shopbell.due import Claimed, DueWork, JobRun
from shopbell.events import Event
from shopbell.outbox import OutboxRow
from shopbell.tenancy import entered
from tests.isolation.furnished import furnish
from tests.isolation.rows import NAME
from tests.isolation.walk import everything


@pytest.fixture
def foreign(database, other_shop):
    return furnish(database, other_shop).values


def keys(foreign: dict[str, Any], due: list[DueWork]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What work may be due for: everything with an id, and what really is due."""
    plain = {name: str(value) for name, value in foreign.items()}
    yield from ((value, plain) for name, value in plain.items() if isinstance(foreign[name], UUID))
    yield from ((row.key, row.payload) for row in due)


def holds(database, tenant, words: str) -> list[str]:
    """The tables of a chain in which the words stand."""
    with database.transaction(tenant) as session:
        tables = session.scalars(
            text("select table_name from information_schema.tables where table_schema = current_schema()")
        ).all()
        found = (
            f"select '{table}' where exists (select from \"{table}\" t where t::text ilike :w)" for table in tables
        )
        return list(session.scalars(text(" union all ".join(found)), {"w": f"%{words}%"}))


@pytest.mark.proves("T8")
def test_no_job_reaches_into_the_other_chain(database, tenant, other_tenant, foreign):
    found, before, count = handlers(), everything(database, other_tenant), 0
    with database.transaction(other_tenant) as session:
        due = list(session.scalars(select(DueWork).where(DueWork.tenant_id == other_tenant.id)))
    assert {row.kind for row in due} & found.jobs.keys()
    for kind, job in found.jobs.items():
        for key, payload in keys(foreign, due):
            count += 1
            assert NAME not in refusal_of(partial(work, database, tenant, kind, job, key, payload)), kind
    assert everything(database, other_tenant) == before
    assert holds(database, tenant, NAME) == []
    assert count > 20 * len(found.jobs)


def refusal_of(attempt: Callable[[], None]) -> str:
    """Why nothing was done, or nothing: whatever raises is rolled back and put off."""
    try:
        attempt()
    except Exception as refused:
        return str(refused)
    return ""


def work(database, tenant, kind: str, job: Any, key: str, payload: dict[str, Any]) -> None:
    """What the drain does with a row."""
    if job.mark.own_transactions:
        with entered(tenant):
            job.function(JobRun(database, tenant, Claimed(ids.uuid7(), tenant.id, kind, key, payload, 1, ids.uuid7())))
    else:
        with database.transaction(tenant) as session:
            job.function(session, key, payload)


@pytest.mark.proves("T8")
def test_no_reaction_reaches_into_the_other_chain(database, tenant, other_tenant, foreign):
    found, before = handlers(), everything(database, other_tenant)
    with database.transaction(other_tenant) as session:
        facts = session.scalars(select(OutboxRow).where(OutboxRow.tenant_id == other_tenant.id)).all()
    real = {row.name: row.payload for row in facts}
    assert real.keys() & found.events.keys()
    for name, event in found.events.items():
        fact = event.from_payload({**made_up(event, foreign), **real.get(name, {})})
        for reaction in (found.reactions[one] for one in found.reactions_of[name]):
            assert NAME not in refusal_of(partial(react, database, tenant, reaction, fact)), reaction
    assert everything(database, other_tenant) == before
    assert holds(database, tenant, NAME) == []


def react(database, tenant, reaction: Callable[..., None], fact: Event) -> None:
    with database.transaction(tenant) as session:
        reaction(session, fact)


def made_up(event: type, foreign: dict[str, Any]) -> dict[str, Any]:
    """The fact with the other chain's ids, by the names of its fields."""
    usual = {"int": 1, "datetime": clock.now().isoformat(), "UUID": str(foreign["booking_id"])}
    values: dict[str, Any] = {}
    for name, hint in get_type_hints(event).items():
        kind = next((kind for kind in usual if kind in str(hint)), "str")
        values[name] = str(foreign[name]) if name in foreign else usual.get(kind, "x")
    return values


def test_the_other_chains_name_would_be_found(database, other_tenant, foreign):
    assert {"customers", "roles", "users"} <= set(holds(database, other_tenant, NAME))
