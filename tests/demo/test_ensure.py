"""The demonstration chains as they stand in a database: made once, living on, quiet outside, refused in production."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import queries as access
from blueprints.booking import api as booking
from blueprints.booking.models import Allocation, Booking, WalkIn
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.crm.models import Customer
from blueprints.staff import api as staff
from infra import demo
from infra.demo import DemoRefused
from shopbell import clock
from shopbell.due import DueWork
from shopbell.outbox import OutboxRow
from tenants.demo import MANE, DemoChain
from tenants.resolve import Directory
from tests.demo.conftest import AFTERNOON, CHAINS, Shown

COUNTED = (Booking, Allocation, WalkIn, Customer, OutboxRow, DueWork)
AHEAD = ("booked", "confirmed")
NO_APPOINTMENTS = ("blocked", "held")


def each(shown: Shown) -> Iterator[tuple[DemoChain, Session]]:
    """A session in one chain after the other, that afternoon."""
    for chain, tenant in zip(CHAINS, shown.tenants, strict=True):
        with clock.frozen(AFTERNOON), shown.database.transaction(tenant) as session:
            yield chain, session


def counts(shown: Shown) -> list[int]:
    found = []
    for tenant in shown.tenants:
        with shown.database.transaction(tenant) as session:
            found += [session.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED]
    return found


def test_each_branch_has_a_day_in_full_swing(shown: Shown) -> None:
    everywhere: Counter[str] = Counter()
    for _, session in each(shown):
        for branch in catalog.branches(session):
            zone = clock.zone(branch.time_zone)
            day = clock.local_minutes(AFTERNOON, zone)[0]
            statuses = Counter(row.status for row in booking.day_bookings(session, branch.id, day, zone))
            assert statuses.total() >= 6, branch.slug
            assert statuses["booked"] + statuses["confirmed"] >= 1, branch.slug
            assert booking.waiting(session, branch.id, day, zone), branch.slug
            everywhere += statuses
    assert everywhere["done"] >= 3
    assert everywhere["in_service"] + everywhere["arrived"] >= 2


def test_every_appointment_ahead_holds_its_people_and_rooms(shown: Shown) -> None:
    for _, session in each(shown):
        ahead = select(Booking.id).where(Booking.starts_at > AFTERNOON, Booking.status.in_(AHEAD))
        without = ahead.where(~select(Allocation.booking_id).where(Allocation.booking_id == Booking.id).exists())
        assert session.scalars(ahead).first() is not None
        assert session.scalars(without).all() == []


def test_no_day_that_is_over_has_anything_left_open(shown: Shown) -> None:
    for _, session in each(shown):
        over = select(Booking.status).where(Booking.ends_at < AFTERNOON - timedelta(days=1))
        assert set(session.scalars(over)) <= {"done", "no_show", "cancelled"}


def test_nothing_was_written_down_before_it_could_be_known(shown: Shown) -> None:
    for _, session in each(shown):
        assert session.scalars(select(Booking.id).where(Booking.created_at > AFTERNOON)).all() == []
        assert session.scalars(select(Booking.id).where(Booking.created_at > Booking.starts_at)).all() == []
        late = select(Booking.id).where(Booking.cancelled_at < Booking.created_at)
        assert session.scalars(late).all() == []


def test_only_a_few_customers_are_told_anything(shown: Shown) -> None:
    with shown.database.transaction(None) as session:
        untold = Counter(session.scalars(select(OutboxRow.name).where(OutboxRow.relayed_at.is_(None))))
        assert untold.pop("waitlist.offer_made") == len(CHAINS)
        assert set(untold) <= {"booking.made", "booking.requested"}
        assert untold.total() == sum(len(chain.branches) for chain in CHAINS)
        overdue = select(DueWork.id).where(DueWork.due_at <= AFTERNOON)
        assert session.scalars(overdue).all() == []
        assert session.scalars(select(DueWork.id)).first() is not None


def test_people_rooms_hours_and_looks_are_there(shown: Shown) -> None:
    for chain, session in each(shown):
        assert brand.brand(session).display_name == chain.name
        for view, branch in zip(catalog.branches(session), chain.branches, strict=True):
            assert view.name == branch.name
            assert [person.name for person in staff.people_at(session, view.id)] == [p.name for p in branch.people]
            assert len(catalog.resources_at(session, view.id)) == sum(kind.count for kind in branch.resources)


def test_every_way_in_that_is_printed_has_an_account_behind_it(shown: Shown) -> None:
    found = (account for _, session in each(shown) for account in access.list_users(session, limit=100))
    accounts = {account.email: account.role for account in found}
    users = [door.user for door in shown.doors if door.user]
    assert set(users) <= set(accounts)
    assert {accounts[user] for user in users} == {"hq", "manager", "frontdesk"}
    assert all(
        door.url.startswith(("http://lumi.localhost:8000/", "http://mane.localhost:8000/")) for door in shown.doors
    )


def test_asking_again_changes_nothing(shown: Shown) -> None:
    before = counts(shown)
    with clock.frozen(AFTERNOON):
        assert demo.ensure(shown.database, shown.settings) == shown.doors
    assert counts(shown) == before


def test_a_chain_without_branches_is_filled(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a creation that was interrupted: the chain stands, its contents were rolled back."""
    third = replace(CHAINS[1], slug="third", branches=MANE.branches[2:])
    monkeypatch.setattr("infra.demo.chains.CHAINS", (third,))
    with monkeypatch.context() as interrupted, clock.frozen(AFTERNOON):
        interrupted.setattr("infra.demo.days.live", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            demo.ensure(shown.database, shown.settings)
    with clock.frozen(AFTERNOON):
        demo.ensure(shown.database, shown.settings)
        tenant = Directory(shown.database).by_slug("third")
        with shown.database.transaction(tenant) as session:
            assert [branch.slug for branch in catalog.branches(session)] == ["hcmc"]
            assert session.scalars(select(Booking.id)).first() is not None


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_production_gets_no_chain_with_a_known_password(shown: Shown) -> None:
    with pytest.raises(DemoRefused):
        demo.ensure(shown.database, replace(shown.settings, environment="production"))


def test_three_weeks_later_the_day_is_living_again(shown: Shown) -> None:
    later = AFTERNOON + timedelta(days=21)
    with clock.frozen(later):
        demo.ensure(shown.database, shown.settings)
        for tenant in shown.tenants:
            with shown.database.transaction(tenant) as session:
                day = clock.local_minutes(later, clock.zone("Asia/Shanghai"))[0]
                today = {count.branch_id: count for count in booking.daily_counts(session, day, day)}
                assert all(today[branch.id].done >= 1 for branch in catalog.branches(session))
                over = select(Booking.status).where(
                    Booking.ends_at < later - timedelta(days=1), Booking.status.not_in(NO_APPOINTMENTS)
                )
                assert set(session.scalars(over)) <= {"done", "no_show", "cancelled"}
