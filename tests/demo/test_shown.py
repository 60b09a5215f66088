"""What the demonstration chains have to show besides ordinary appointments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.models import Booking, Charge, Series, WalkIn
from blueprints.catalog import api as catalog
from blueprints.crm.models import Customer
from blueprints.reviews.models import Review
from blueprints.waitlist.models import Wish
from shopbell import clock
from tests.demo.conftest import AFTERNOON, CHAINS, Shown


def each(shown: Shown) -> Iterator[Session]:
    for tenant in shown.tenants:
        with clock.frozen(AFTERNOON), shown.database.transaction(tenant) as session:
            yield session


def test_there_are_visits_of_two_services_of_two_people_and_series(shown: Shown) -> None:
    for session in each(shown):
        rows = select(Booking.visit_id, Booking.guest_name).where(Booking.visit_id.is_not(None))
        guests = Counter(bool(name) for _, name in session.execute(rows))
        assert guests[True] == 1
        assert guests[False] >= 3
        assert session.scalar(select(func.count()).select_from(Series)) == 1
        assert session.scalars(select(Booking.id).where(Booking.status == "blocked")).first() is not None


def test_visits_that_took_place_tell_when_and_why_this_person(shown: Shown) -> None:
    rules: Counter[str] = Counter()
    for session in each(shown):
        done = select(Booking).where(Booking.status == "done")
        for row in session.scalars(done):
            assert row.arrived_at is not None
            assert row.started_at is not None
            assert row.finished_at is not None
            assert row.arrived_at <= row.started_at <= row.finished_at <= AFTERNOON
            rules[(row.why or {})["rule"]] += 1
    assert rules["asked"]
    assert len(rules) >= 3


def test_terms_were_agreed_and_what_is_owed_is_decided_or_due(shown: Shown) -> None:
    kinds: Counter[str] = Counter()
    for session in each(shown):
        agreed = select(Booking.terms["no_show_percent"].astext).where(Booking.status == "done")
        assert set(session.scalars(agreed)) == {"50"}
        kinds += Counter(session.scalars(select(Charge.kind)))
    assert kinds["no_show"] + kinds["late_cancel"] >= 1


def test_members_have_their_tier_and_friday_evenings(shown: Shown) -> None:
    for session in each(shown):
        assert set(session.scalars(select(Customer.tier).distinct())) == {0, 1, 2}


def test_people_wait_for_a_time_and_one_was_offered_one(shown: Shown) -> None:
    for session in each(shown):
        assert Counter(session.scalars(select(Wish.status))) == {"waiting": 2, "offered": 1}


def test_reviews_are_shown_and_one_waits_for_somebody_to_look_at_it(shown: Shown) -> None:
    for session in each(shown):
        found = Counter(session.scalars(select(Review.status)))
        assert found["shown"] >= 1
        assert found["pending"] <= 1


def test_waits_were_promised_and_came_out_somehow(shown: Shown) -> None:
    for session in each(shown):
        for branch in catalog.branches(session):
            zone = clock.zone(branch.time_zone)
            today = clock.at_local(clock.local_minutes(AFTERNOON, zone)[0], 0, zone)
            rows = session.scalars(select(WalkIn).where(WalkIn.branch_id == branch.id, WalkIn.arrived_at < today)).all()
            assert [row.number for row in rows] == list(range(1, len(rows) + 1))
            assert all(row.quoted_high and row.status in {"done", "left"} for row in rows)
            assert [row for row in rows if row.seated_at]


def test_branches_follow_their_calendar_and_have_their_prices(shown: Shown) -> None:
    with clock.frozen(AFTERNOON), shown.database.transaction(shown.tenants[0]) as session:
        by_slug = {branch.slug: branch for branch in catalog.branches(session)}
        assert [by_slug[branch.slug].holiday_calendar for branch in CHAINS[0].branches] == ["CN", "VN"]
        guests = (booking.Guest((booking.Item(catalog.services(session)[0].id),)),)
        here, there = (booking.quote(session, by_slug[slug].id, None, guests) for slug in ("shanghai", "hcmc"))
        assert (here.currency, there.currency) == ("CNY", "VND")
        usual = {one.id: one.price_minor for one in catalog.services_at(session, by_slug["hcmc"])}
        assert there.price_minor <= usual[guests[0].items[0].service_id]
