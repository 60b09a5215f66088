"""Counting what a chain uses, once an hour, as work of its own."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from blueprints.messaging import api as messaging
from shopbell import clock, due
from shopbell.due import JobRun
from tenants import quotas

KIND = "operator.count_use"
KEY = "hourly"
EVERY = timedelta(hours=1)


@due.job(KIND, own_transactions=True)
def count_use(run: JobRun) -> None:
    """What was counted is noted in the directory, which may lie on another server: a transaction of its own."""
    tenant, now = run.tenant, clock.now()
    month = quotas.month_of(now, tenant.time_zone)
    with run.database.transaction(tenant) as session:
        since = datetime.combine(month, time.min, clock.zone(tenant.time_zone))
        used = {
            quotas.BRANCHES: len(catalog.branches(session)),
            quotas.BOOKINGS: booking.made_since(session, since),
            quotas.MESSAGES: messaging.left_since(session, since),
        }
        failed = messaging.failed(session)
    with run.database.transaction(None) as directory:
        quotas.note(directory, tenant, month, used, failed=failed)
    with run.database.transaction(tenant) as session:
        due.schedule(session, KIND, KEY, now + EVERY)


def count_soon(session: Session, _pack: object = None) -> None:
    """Have the current tenant's use counted now, and every hour from then on. Begins it for a new tenant, and once a
    day for one that was there before anything was counted."""
    due.schedule(session, KIND, KEY, clock.now())
