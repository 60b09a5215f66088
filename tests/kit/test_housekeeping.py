"""What has served its time goes; what may still be needed stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from blueprints.frontdesk.models import DeskOp
from shopbell import clock, due, housekeeping, ids, outbox
from shopbell.due import DueWork
from shopbell.http.idempotency import IdempotencyKey
from shopbell.outbox import DeliveryRow, OutboxRow


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def key(name: str, age: timedelta) -> IdempotencyKey:
    return IdempotencyKey(caller="c", key=name, fingerprint=b"", created_at=clock.now() - age)


def test_a_round_removes_old_rows_and_schedules_the_next(session, shop, run_jobs):
    old = {"branch_id": shop.branch_id, "device": "d", "user_id": ids.uuid7(), "type": "x"}
    session.add_all([key("old", timedelta(days=3)), key("new", timedelta(days=1))])
    session.add(DeskOp(op_id=ids.uuid7(), applied_at=clock.now() - timedelta(days=91), **old))
    session.add(DeskOp(op_id=ids.uuid7(), applied_at=clock.now() - timedelta(days=89), **old))
    housekeeping.start(session)
    due.schedule(session, housekeeping.KIND, housekeeping.KEY, clock.now())
    session.commit()
    run_jobs()
    assert session.scalars(select(IdempotencyKey.key)).all() == ["new"]
    assert count(session, DeskOp) == 1
    again = select(DueWork.due_at).where(DueWork.kind == housekeeping.KIND, DueWork.tenant_id == shop.tenant.id)
    assert session.scalars(again).all() == [clock.now() + housekeeping.EVERY]


def test_old_facts_go_once_they_were_relayed(session, tenant):
    def fact(age: timedelta, *, relayed: bool) -> OutboxRow:
        with clock.frozen(clock.now() - age):
            row = OutboxRow(
                id=ids.earliest(clock.now()), tenant_id=tenant.id, name="x", payload={}, created_at=clock.now()
            )
            row.relayed_at = clock.now() if relayed else None
            return row

    week = timedelta(days=8)
    session.add_all([fact(week, relayed=True), fact(week * 2, relayed=False), fact(timedelta(days=1), relayed=True)])
    told = DeliveryRow(event_id=ids.earliest(clock.now() - timedelta(days=40)), reaction="r", tenant_id=tenant.id)
    told.done_at = clock.now() - timedelta(days=40)
    session.add(told)
    session.flush()
    outbox.clear_history(session)
    left = session.scalars(select(OutboxRow.relayed_at).where(OutboxRow.name == "x")).all()
    assert sorted(left, key=str) == [clock.now() - timedelta(days=1), None]
    assert count(session, DeliveryRow) == 0
