"""What the operator allows a chain is known to it, counted cheaply, and held with care."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from blueprints.booking import api as booking
from blueprints.booking.errors import BookedEnough
from blueprints.booking.values import BookingRequest, CustomerInput, HoldRequest
from blueprints.catalog import service as catalog
from blueprints.catalog.errors import BranchesUsedUp
from blueprints.catalog.models import Branch
from blueprints.catalog.service import BranchInput
from blueprints.operator import jobs
from shopbell import clock, due
from shopbell.due import DueWork
from shopbell.errors import Invalid
from shopbell.tenancy import Allowance, entered
from tenants import quotas, resolve
from tenants.models import TenantUsage
from tests.conftest import MORNING

MARCH = date(2026, 3, 1)
LIMITS = {"branches": 2, "bookings": 10, "messages": None}


def allowed(tenant, **allowances: Allowance):
    return replace(tenant, allowances=allowances)


def wish(shop, hour: int, source: str = "web") -> BookingRequest:
    start, guest = MORNING + timedelta(hours=hour), CustomerInput("王小明", "13812345678")
    return BookingRequest(shop.branch_id, shop.eye_test, start, guest, source=source)


def a_branch(session, slug: str):
    return catalog.add_branch(session, slug, BranchInput({"en": slug}, {"en": "Street 1"}, "", "Asia/Shanghai"))


def test_limits_and_use_come_with_the_tenant(database, tenant):
    with database.transaction(None) as directory:
        quotas.set_limits(directory, tenant.id, LIMITS)
        quotas.note(directory, tenant, MARCH, {"branches": 2, "bookings": 8, "messages": 5}, failed=0)
        found = resolve.find(directory, tenant.id)
        assert found is not None
        assert found == tenant
        assert found.allowances == {
            "branches": Allowance(2, 2),
            "bookings": Allowance(10, 8),
            "messages": Allowance(None, 5),
        }
        # Shanghai is in April before Greenwich is; branches stay.
        with clock.frozen(datetime(2026, 3, 31, 16, 30, tzinfo=UTC)):
            later = resolve.find(directory, tenant.id)
        assert later is not None
        assert [later.allowances[name].used for name in quotas.NAMES] == [2, 0, 0]


@pytest.mark.parametrize("wrong", [-1, quotas.LARGEST + 1])
def test_a_limit_that_is_none_is_refused_and_nothing_is_set(database, tenant, wrong):
    with database.transaction(None) as directory:
        with pytest.raises(Invalid) as refused:
            quotas.set_limits(directory, tenant.id, {**LIMITS, "messages": wrong})
        assert list(refused.value.fields) == ["messages"]
        found = resolve.find(directory, tenant.id)
        assert found is not None
        assert found.allowance("branches").limit is None


def test_no_branch_is_added_beyond_the_limit(session, tenant):
    there = session.scalar(select(func.count()).select_from(Branch))
    with entered(allowed(tenant, branches=Allowance(there + 1))):
        a_branch(session, "one-more")
        with pytest.raises(BranchesUsedUp, match=f"{there + 1} branches") as refused, session.begin_nested():
            a_branch(session, "too-many")
        assert refused.value.fields
    assert session.scalar(select(func.count()).select_from(Branch)) == there + 1
    with entered(tenant):
        a_branch(session, "without-a-limit")


def test_only_far_beyond_the_limit_are_bookings_refused_and_never_the_desks(session, shop, tenant):
    with entered(allowed(tenant, bookings=Allowance(10, 14))):
        booking.reserve(session, wish(shop, 2))
    with entered(allowed(tenant, bookings=Allowance(10, 15))):
        for source in ("web", "widget", "api"):
            with pytest.raises(BookedEnough):
                booking.reserve(session, wish(shop, 3, source))
        held = HoldRequest(shop.branch_id, shop.eye_test, MORNING + timedelta(hours=3))
        with pytest.raises(BookedEnough):
            booking.hold(session, held)
        booking.hold(session, replace(held, offer=True))
        assert booking.reserve(session, wish(shop, 4, "desk")).source == "desk"


def test_a_time_that_is_kept_already_may_still_be_taken(session, shop, tenant):
    held = booking.hold(session, HoldRequest(shop.branch_id, shop.eye_test, MORNING + timedelta(hours=3)))
    with entered(allowed(tenant, bookings=Allowance(1, 100))):
        taken = booking.reserve(session, replace(wish(shop, 3), hold_id=held.booking_id))
    assert taken.id == held.booking_id


def test_use_is_counted_by_the_chains_own_work_and_comes_round_again(database, shop, tenant, run_jobs):
    with database.transaction(tenant) as session:
        booking.reserve(session, wish(shop, 2))
        booking.reserve(session, wish(shop, 3, "desk"))
        booking.hold(session, HoldRequest(shop.branch_id, shop.eye_test, MORNING + timedelta(hours=4)))
        due.schedule(session, jobs.KIND, jobs.KEY, clock.now())
        jobs.begin(session)
        branches = session.scalar(select(func.count()).select_from(Branch))
    run_jobs()
    with database.transaction(None) as directory:
        usage = directory.get(TenantUsage, tenant.id)
        assert (usage.month, usage.bookings, usage.counted_at) == (MARCH, 2, MORNING)
        assert usage.branches == branches
        again = select(DueWork.due_at).where(DueWork.tenant_id == tenant.id, DueWork.kind == jobs.KIND)
        assert directory.scalar(again) == MORNING + jobs.EVERY


def test_counting_one_chain_counts_nothing_of_another(database, shop, other_shop, run_jobs):
    with database.transaction(other_shop.tenant) as session:
        booking.reserve(session, wish(other_shop, 2))
    with database.transaction(shop.tenant) as session:
        due.schedule(session, jobs.KIND, jobs.KEY, clock.now())
    run_jobs()
    with database.transaction(None) as directory:
        assert directory.get(TenantUsage, shop.tenant.id).bookings == 0
        assert directory.get(TenantUsage, other_shop.tenant.id) is None


def test_head_office_is_told_from_four_fifths_on(app, sign_in_as, tenant, monkeypatch):
    browser = sign_in_as("hq")
    for used, told in ((79, False), (80, True)):
        door = app.resolve(tenant.host)
        shown = replace(door, tenant=allowed(tenant, bookings=Allowance(100, used)))
        monkeypatch.setattr(app, "resolve", lambda _host, shown=shown: shown)
        assert (f"{used} of the 100" in browser.get("/hq/").text) == told
