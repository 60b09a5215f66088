"""One chain floods the queue; how long do the messages of nine others wait, each of which sends one a second?"""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput
from blueprints.booking.models import Booking
from blueprints.catalog.models import Skill
from blueprints.messaging.models import Message
from infra.bench.big_branch import OPENS, PEOPLE, ZONE, branch, service
from infra.bench.crowd import crowd
from infra.bench.measure import Measurement
from infra.bench.notify import queue
from infra.bench.outside import outside
from infra.bench.stage import Stage, pause
from shopbell import clock, ids
from shopbell.tenancy import TenantContext

MESSAGES, FACTS = 100_000, 10_000
"""The flood: messages that are due, and facts that reactions have to hear."""
OTHERS, SECONDS = 9, 20
GOAL, PATIENCE = 5.0, 60.0
FLOOD_OF_FACTS = """
    insert into shared.outbox (id, tenant_id, name, payload, created_at)
    select gen_random_uuid(), :tenant, 'booking.cancelled', jsonb_build_object(
        'booking_id', gen_random_uuid(), 'customer_id', gen_random_uuid(), 'branch_id', gen_random_uuid(),
        'starts_at', now(), 'reason', 'flood', 'by', 'staff', 'lead', true
    ), now()
    from generate_series(1, :amount)
"""


def fairness(stage: Stage) -> Measurement:
    """Each appointment of the nine goes the whole way: fact, relay, reaction, message, gate, hand-over."""
    chains = crowd(stage, OTHERS)
    places = [(chain, *furnish(stage, chain)) for chain in chains]
    queue(stage, MESSAGES)
    with stage.database.transaction(stage.tenant) as session:
        session.execute(text(FLOOD_OF_FACTS), {"amount": FACTS, "tenant": stage.tenant.id})
    with outside(stage):
        _flowing(stage)
        for second in range(SECONDS):
            begun = time.monotonic()
            for chain, branch_id, service_id in places:
                book(stage, chain, branch_id, service_id, second)
            pause(max(0.0, begun + 1 - time.monotonic()))
        waits = [wait for chain in chains for wait in waits_of(stage, chain)]
    left = _left(stage)
    worst = statistics.quantiles(waits, n=100)[98]
    detail = f"{MESSAGES} messages and {FACTS} facts of one chain, {left} left; {len(waits)} of {OTHERS} others, "
    detail += f"median {statistics.median(waits):.2f} s"
    return Measurement("fairness", worst, "s", GOAL, worst / GOAL, "p99 wait <= 5 s", worst <= GOAL, detail)


def furnish(stage: Stage, chain: TenantContext) -> tuple[UUID, UUID]:
    """A branch and a service of a chain."""
    with stage.database.transaction(chain) as session:
        skill = Skill(id=ids.uuid7(), key="fair", name={"en": "Refraction"})
        session.add(skill)
        session.flush()
        branch_id = branch(session, f"fair-{ids.uuid7().hex[-6:]}", skill.id)
        return branch_id, service(session, f"fair-{ids.uuid7().hex[-6:]}", skill.id, ((15, "room", ""),))


def book(stage: Stage, chain: TenantContext, branch_id: UUID, service_id: UUID, number: int) -> None:
    """An appointment nobody else wants, of somebody with a phone."""
    tomorrow = clock.local_minutes(clock.now(), clock.zone(ZONE))[0] + timedelta(days=2 + number // PEOPLE)
    starts_at = clock.at_local(tomorrow, OPENS + 15 * (number % PEOPLE), clock.zone(ZONE))
    customer = CustomerInput(f"Customer {number}", f"138{number:08}", None, "en")
    with stage.database.transaction(chain) as session:
        booking.reserve(session, BookingRequest(branch_id, service_id, starts_at, customer))


def waits_of(stage: Stage, chain: TenantContext) -> list[float]:
    """Seconds from each appointment until its message was taken; PATIENCE for one that was not."""
    until = time.monotonic() + PATIENCE
    statement = select(Booking.created_at, Message.sent_at).outerjoin(Message, Message.booking_id == Booking.id)
    while True:
        with stage.database.transaction(chain) as session:
            found = session.execute(statement).all()
        if all(sent_at for _, sent_at in found) or time.monotonic() > until:
            return [(sent_at - made_at).total_seconds() if sent_at else PATIENCE for made_at, sent_at in found]
        pause(0.2)


def _flowing(stage: Stage) -> None:
    """Wait until workers have begun with the flood: how long they take to start is not what is measured."""
    until, sent = time.monotonic() + 4 * PATIENCE, select(Message.id).where(Message.state == "sent").limit(1)
    while time.monotonic() < until:
        with stage.database.transaction(stage.tenant) as session:
            if session.scalar(sent):
                return
        pause(0.2)
    raise RuntimeError("the workers did not begin in time")


def _left(stage: Stage) -> int:
    with stage.database.transaction(stage.tenant) as session:
        waiting = text("select count(*) from shared.due_work where tenant_id = :tenant and run_at <= now()")
        return session.scalar(waiting, {"tenant": stage.tenant.id}) or 0
