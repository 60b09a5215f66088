"""Due work: claimed once, done once, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import delete, func, select

from blueprints.registry import Handlers, Job
from shopbell import claims, clock, due, events, ids, outbox
from shopbell.due import DueWork
from shopbell.outbox import OutboxRow
from shopbell.tenancy import NoTenant, current_tenant, tenant_or_none
from workers import queues
from workers.drain import Drain
from workers.relay import Relay

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class LampBroke(events.Event):
    name = "test.lamp_broke"

    lamp_id: UUID


@pytest.fixture(autouse=True)
def nothing_else_due(session) -> None:
    """A new chain comes with some work of its own."""
    session.execute(delete(DueWork))
    session.commit()


def rows(session) -> int:
    return session.scalar(select(func.count()).select_from(DueWork))


def drain_with(database, tenant, function, *, own_transactions=False, batch=False) -> Drain:
    mark = due.JobMark("test.work", own_transactions, batch)
    return Drain(database, {tenant.id: tenant}.get, Handlers(jobs={"test.work": Job(mark, function)}), threads=1)


def test_work_is_done_in_its_tenant_and_forgotten(database, session, tenant):
    seen = []
    due.schedule(session, "test.work", "a", clock.now(), {"n": 1})
    session.commit()
    drain = drain_with(
        database, tenant, lambda s, key, payload: seen.append((current_tenant().slug, key, payload["n"]))
    )
    assert drain.tenant(tenant.id) == 1
    assert seen == [(tenant.slug, "a", 1)]
    assert rows(session) == 0


def test_work_of_the_installation_is_done_in_no_tenant(database, tenant):
    seen = []

    def look(run: due.JobRun) -> None:
        assert tenant_or_none() is None
        with pytest.raises(NoTenant):
            assert run.tenant
        seen.append((run.key, run.place))

    with database.transaction(None) as directory:
        due.schedule_for_installation(directory, "test.work", "a", clock.now())
    drain = drain_with(database, tenant, look, own_transactions=True)
    assert [drain.tenant(tenant.id), drain.tenant(due.INSTALLATION), drain.tenant(due.INSTALLATION)] == [0, 1, 0]
    assert seen == [("a", None)]


def test_work_of_tomorrow_waits(database, session, tenant):
    due.schedule(session, "test.work", "a", clock.now() + timedelta(days=1))
    session.commit()
    assert drain_with(database, tenant, lambda *_: None).tenant(tenant.id) == 0
    assert rows(session) == 1


def test_scheduling_again_moves_the_time(session):
    due.schedule(session, "test.work", "a", clock.now())
    later = clock.now() + timedelta(days=1)
    due.schedule(session, "test.work", "a", later)
    assert session.scalars(select(DueWork.due_at)).all() == [later]


def test_failing_work_comes_back_later_and_in_the_end_stands_visibly_failed(database, session, tenant):
    due.schedule(session, "test.work", "a", clock.now())
    session.commit()

    def fail(*_):
        raise RuntimeError("no paper")

    drain = drain_with(database, tenant, fail)
    at = clock.now()
    for attempt in range(1, claims.MAX_ATTEMPTS + 1):
        with clock.frozen(at):
            assert drain.tenant(tenant.id) == 1, attempt
            assert drain.tenant(tenant.id) == 0
        at += claims.backoff(attempt)
    row = session.scalars(select(DueWork)).one()
    assert (row.attempts, row.last_error) == (claims.MAX_ATTEMPTS, "RuntimeError: no paper")
    assert row.failed_at is not None


def test_a_failing_handler_leaves_nothing_half_written(database, session, tenant):
    due.schedule(session, "test.work", "a", clock.now())
    session.commit()

    def write_and_fail(inner, key, payload):
        due.schedule(inner, "test.half", "b", clock.now() + timedelta(days=1))
        raise RuntimeError

    drain_with(database, tenant, write_and_fail).tenant(tenant.id)
    assert session.scalars(select(DueWork.kind)).all() == ["test.work"]


def test_the_work_of_a_process_that_died_comes_back_when_its_lease_is_over(database, session, tenant):
    due.schedule(session, "test.work", "a", clock.now())
    (mine,) = claims.claim(session, tenant.id, lease=LEASE)
    session.commit()
    assert claims.claim(session, tenant.id, lease=LEASE) == []
    with clock.frozen(clock.now() + LEASE):
        (theirs,) = claims.claim(session, tenant.id, lease=LEASE)
        assert theirs.id == mine.id
        assert not claims.still_ours(session, [mine], lease=LEASE)
        assert claims.still_ours(session, [theirs], lease=LEASE)


def test_work_that_schedules_itself_again_is_not_removed(database, session, tenant):
    due.schedule(session, "test.work", "a", clock.now())
    session.commit()
    later = clock.now() + timedelta(hours=1)
    drain_with(database, tenant, lambda s, key, _: due.schedule(s, "test.work", key, later)).tenant(tenant.id)
    assert session.scalars(select(DueWork.due_at)).all() == [later]


def test_a_job_with_its_own_transactions_still_has_its_tenant(database, session, tenant):
    seen = []
    due.schedule(session, "test.work", "a", clock.now())
    session.commit()
    drain = drain_with(database, tenant, lambda run: seen.append((run.key, tenant_or_none())), own_transactions=True)
    drain.tenant(tenant.id)
    assert seen == [("a", tenant)]
    assert rows(session) == 0


def test_a_fact_reaches_each_reaction_once_however_often_it_is_delivered(database, session, tenant):
    heard: list[UUID] = []
    found = Handlers(
        events={LampBroke.name: LampBroke},
        reactions={"test.note": lambda inner, fact: heard.append(fact.lamp_id)},
        reactions_of={LampBroke.name: ["test.note"]},
    )
    lamp = ids.uuid7()
    event_id = events.publish(session, LampBroke(lamp))
    session.commit()
    drain = Drain(database, {tenant.id: tenant}.get, found, threads=1)
    assert outbox.relay(session, found.reactions_of) == 1
    assert outbox.relay(session, found.reactions_of) == 0
    drain.tenant(tenant.id)
    again = {"event": LampBroke.name, "data": {"lamp_id": str(lamp)}}
    due.schedule(session, "react.test.note", str(event_id), clock.now(), again)
    session.commit()
    drain.tenant(tenant.id)
    assert heard == [lamp]


class DeafRedis:
    """Stands where Redis is not: every command fails as a refused connection does."""

    def __getattr__(self, name):
        raise RedisConnectionError("connection refused")


def test_without_redis_nothing_is_lost(database, session, tenant):
    due.schedule(session, "test.work", "a", clock.now())
    session.commit()
    with pytest.raises(RedisConnectionError):
        Relay(database, cast(Redis, DeafRedis()), {}, {tenant.id: tenant}.get).step()
    assert claims.waiting(session).all == [tenant.id]


@pytest.fixture
def redis(settings) -> Iterator[Redis]:
    # A database of its own: workers of other tests look into the first one.
    redis = queues.connect(f"{settings.redis_url}{'&' if '?' in settings.redis_url else '?'}db=9")
    for lane in queues.LANES:
        queues.queue(redis, lane).empty()
    yield redis
    for lane in queues.LANES:
        queues.queue(redis, lane).empty()
    redis.close()


def standing(redis: Redis, lane: str = queues.ORDINARY) -> list[str]:
    """Who stands in a lane, first of all first."""
    return [job.args[0] for job in queues.queue(redis, lane).jobs]


def test_whoever_has_due_work_stands_in_line_once(database, session, tenant, redis):
    due.schedule(session, "test.work", "a", clock.now())
    due.schedule(session, "test.work", "b", clock.now() + timedelta(hours=1))
    session.commit()
    relay = Relay(database, redis, {}, {tenant.id: tenant}.get)
    relay.step()
    relay.step()
    assert standing(redis) == [str(tenant.id)]
    assert standing(redis, queues.URGENT) == []


def test_a_flushed_redis_is_told_again(database, session, tenant, redis):
    due.schedule(session, "test.work", "a", clock.now())
    session.commit()
    relay = Relay(database, redis, {}, {tenant.id: tenant}.get)
    relay.step()
    queues.queue(redis).empty()
    relay.step()
    assert standing(redis) == [str(tenant.id)]


def test_urgent_work_stands_in_a_line_of_its_own(database, session, tenant, redis):
    due.schedule(session, "test.work", "a", clock.now(), priority=due.WAITED_FOR)
    session.commit()
    Relay(database, redis, {}, {tenant.id: tenant}.get).step()
    assert standing(redis, queues.URGENT) == [str(tenant.id)]


def test_the_work_of_a_suspended_chain_calls_nobody(database, session, tenant, redis):
    due.schedule(session, "test.work", "a", clock.now())
    session.commit()
    Relay(database, redis, {}, lambda _tenant_id: None).step()
    assert standing(redis) == []


def test_what_is_due_is_done_in_the_order_of_its_priority_and_then_of_its_time(database, session, tenant):
    now = clock.now()
    for key, seconds, priority in (("bulk", 9, due.BULK), ("late", 1, 20), ("early", 5, 20), ("code", 0, 0)):
        due.schedule(session, "test.work", key, now - timedelta(seconds=seconds), priority=priority)
    due.schedule(session, "test.work", "tomorrow", now + timedelta(days=1), priority=due.WAITED_FOR)
    session.commit()
    first = claims.claim(session, tenant.id, lease=LEASE, limit=1)
    rest = claims.claim(session, tenant.id, lease=LEASE)
    assert [row.key for row in first] == ["code"]
    assert {row.key for row in rest[:2]} == {"early", "late"}
    assert [row.key for row in rest[2:]] == ["bulk"]


def test_on_the_urgent_lane_nothing_else_is_done(database, session, tenant):
    seen: list[str] = []
    due.schedule(session, "test.work", "bulk", clock.now(), priority=due.BULK)
    due.schedule(session, "test.work", "code", clock.now(), priority=due.WAITED_FOR)
    session.commit()
    drain = drain_with(database, tenant, lambda s, key, _: seen.append(key))
    drain.tenant(tenant.id, up_to=due.URGENT)
    assert seen == ["code"]


def test_a_turn_ends_and_leaves_the_rest_to_the_next(database, session, tenant):
    seen: list[str] = []
    for number in range(5):
        due.schedule(session, "test.work", str(number), clock.now())
    session.commit()
    drain = drain_with(database, tenant, lambda s, key, _: seen.append(key))
    drain.tenant(tenant.id, seconds=0)
    assert len(seen) == 1
    assert set(session.scalars(select(DueWork.attempts))) == {0}
    drain.tenant(tenant.id)
    assert sorted(seen) == ["0", "1", "2", "3", "4"]


def test_a_job_may_do_several_rows_at_once(database, session, tenant):
    handfuls: list[list[str]] = []

    def do(batch: claims.Batch) -> None:
        for rows in batch.handfuls(2):
            with batch.database.transaction(batch.tenant) as inner:
                handfuls.append([row.key for row in batch.keep(inner, rows)])
                batch.finish(inner, rows)

    for number in range(5):
        due.schedule(session, "test.work", str(number), clock.now())
    session.commit()
    drain = drain_with(database, tenant, do, batch=True)
    drain.tenant(tenant.id)
    assert sorted(len(keys) for keys in handfuls) == [1, 2, 2]
    assert rows(session) == 0


def test_a_job_may_put_its_rows_off_and_end_the_turn(database, session, tenant):
    def do(batch: claims.Batch) -> None:
        for rows in batch.handfuls(1):
            with batch.database.transaction(batch.tenant) as inner:
                batch.postpone(inner, rows, timedelta(seconds=3))

    for number in range(3):
        due.schedule(session, "test.work", str(number), clock.now())
    session.commit()
    drain = drain_with(database, tenant, do, batch=True)
    assert drain.tenant(tenant.id) == 3
    assert drain.tenant(tenant.id) == 0
    with clock.frozen(clock.now() + timedelta(seconds=3)):
        assert drain.tenant(tenant.id) == 3


def test_a_flood_of_facts_leaves_the_others_their_share(database, session, shops):
    flooding, quiet = (shop.tenant for shop in shops)
    for tenant, amount in ((flooding, outbox.SHARE + 20), (quiet, 1)):
        with database.transaction(tenant) as inner:
            for _ in range(amount):
                events.publish(inner, LampBroke(ids.uuid7()))
    assert outbox.relay(session, {LampBroke.name: ["test.note"]}, limit=2) == outbox.SHARE + 1
    relayed = select(func.count()).where(OutboxRow.relayed_at.is_not(None))
    assert session.scalar(relayed.where(OutboxRow.tenant_id == quiet.id)) == 1


def test_facts_wait_in_the_outbox_when_the_transaction_is_rolled_back(database, tenant):
    with pytest.raises(ZeroDivisionError), database.transaction(tenant) as session:  # noqa: PT012
        events.publish(session, LampBroke(ids.uuid7()))
        session.flush()
        raise ZeroDivisionError
    with database.transaction(tenant) as session:
        assert session.scalars(select(OutboxRow).where(OutboxRow.name == LampBroke.name)).all() == []
