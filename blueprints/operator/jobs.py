"""Counting what a chain uses, once an hour, as work of its own."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from blueprints.messaging import api as messaging
from shopbell import clock, due
from shopbell.due import DueWork, JobRun
from shopbell.tenancy import current_tenant
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


def begin(session: Session, _pack: object = None) -> None:
    """Have the current tenant's use counted in an hour, unless that is due already. A seeder of new tenants, and done
    once a day for those that were there before anything was counted."""
    mine = (DueWork.tenant_id == current_tenant().id, DueWork.kind == KIND, DueWork.key == KEY)
    if session.scalar(select(DueWork.id).where(*mine)) is None:
        due.schedule(session, KIND, KEY, clock.now() + EVERY)
