"""Time kept for members, and busy times that open later: what is shown is what can be booked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from blueprints.booking import api, service
from blueprints.booking.errors import NotForYou, PeakClosed
from blueprints.booking.models import Override
from blueprints.booking.queries.rulebook import rulebook as read_rulebook
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PeakInput, PolicyInput, TimesInput, WindowInput
from blueprints.booking.values import BookingRequest, CustomerInput
from blueprints.booking.values import Override as SetAside
from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from blueprints.crm import service as customers
from shopbell import clock, i18n
from tests.support.world import Shop

FRIDAY = date(2026, 3, 6)
FIVE = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
"""Friday 17:00 in Shanghai, where branches close at 18:00."""
OPENED = FIVE - timedelta(hours=48)
MINH = CustomerInput("Minh", "13812345678")


def keep_fridays(session: Session, tier: int = 2) -> None:
    times = TimesInput(None, [4], [(17 * 60, 20 * 60)])
    rulebook.save_window(session, WindowInput(times, tier, 48))


def reserve(session: Session, shop: Shop, at: datetime = FIVE, **changes: object):
    request = BookingRequest(shop.branch_id, shop.fitting, at, MINH, **changes)  # type: ignore[arg-type]
    return service.reserve(session, request)


def times_shown(session: Session, shop: Shop, tier: int = 0) -> list[datetime]:
    (day,) = api.free_days(session, shop.branch_id, shop.fitting, FRIDAY, 1, tier=tier)
    return [slot.starts_at for slot in day.slots]


@pytest.mark.proves("B4")
def test_kept_time_is_shown_and_given_to_members_only_until_it_opens(session: Session, shop: Shop):
    keep_fridays(session)
    assert max(times_shown(session, shop)) == FIVE - timedelta(minutes=15)
    assert max(times_shown(session, shop, tier=2)) == FIVE + timedelta(minutes=45)
    with pytest.raises(NotForYou) as refused:
        reserve(session, shop)
    assert refused.value.extra["until"] == "2026-03-04T17:00:00+08:00"
    with clock.frozen(OPENED - timedelta(seconds=1)), pytest.raises(NotForYou):
        reserve(session, shop)
    with clock.frozen(OPENED):
        assert max(times_shown(session, shop)) == FIVE + timedelta(minutes=45)
        reserve(session, shop)


@pytest.mark.proves("B4")
def test_a_member_books_kept_time_wherever_they_book(session: Session, shop: Shop):
    keep_fridays(session)
    customers.set_tier(session, crm.remember(session, MINH.name, "+8613812345678"), 2)
    assert reserve(session, shop).starts_at == FIVE


@pytest.mark.proves("B4")
def test_the_direct_channel_books_kept_time(session: Session, shop: Shop):
    keep_fridays(session)
    assert reserve(session, shop, tier=2).starts_at == FIVE


@pytest.mark.proves("B4")
def test_staff_give_kept_time_away_only_with_a_reason_that_is_recorded(session: Session, shop: Shop):
    keep_fridays(session)
    with pytest.raises(NotForYou):
        reserve(session, shop, source="desk")
    made = reserve(session, shop, source="desk", override=SetAside("A regular since 2010"))
    kept = session.scalars(select(Override)).one()
    assert (kept.booking_id, kept.kind, kept.reason) == (made.id, "priority", "A regular since 2010")


def test_nobody_moves_into_kept_time_either(session: Session, shop: Shop):
    keep_fridays(session)
    made = reserve(session, shop, FIVE - timedelta(hours=2))
    with pytest.raises(NotForYou), session.begin_nested():
        service.move(session, made.id, FIVE)
    assert api.details(session, made.id).starts_at == FIVE - timedelta(hours=2)


@pytest.mark.proves("B10")
def test_a_busy_time_opens_later_and_wants_more_notice(session: Session, shop: Shop):
    times = TimesInput(shop.branch_id, [4], [(17 * 60, 18 * 60)])
    rulebook.save_peak(session, PeakInput(times, {"en": "Evening"}, horizon_days=3, lead_minutes=300))
    assert max(times_shown(session, shop)) == FIVE - timedelta(minutes=15)
    with i18n.speaking("en"), pytest.raises(PeakClosed) as early:
        reserve(session, shop)
    assert early.value.detail == "This busy time can be booked from 2026-03-03 on."
    with clock.frozen(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)):
        assert max(times_shown(session, shop)) == FIVE + timedelta(minutes=45)
        reserve(session, shop)
    with clock.frozen(FIVE - timedelta(minutes=299)):
        assert min(time for time in times_shown(session, shop) if time >= FIVE) == FIVE + timedelta(minutes=15)
        with i18n.speaking("en"), pytest.raises(PeakClosed) as late:
            reserve(session, shop, person_id=shop.people[1])
    assert late.value.detail == "At this busy time, please book at least 300 minutes ahead."


def test_a_changed_rule_is_in_force_with_the_next_request(session: Session, shop: Shop):
    assert max(times_shown(session, shop)) == FIVE + timedelta(minutes=45)
    keep_fridays(session)
    assert max(times_shown(session, shop)) == FIVE - timedelta(minutes=15)


def test_a_branchs_rules_are_read_in_four_queries_however_many_there_are(session: Session, shop: Shop):
    branch = catalog.branch(session, shop.branch_id)
    for number in range(20):
        times = TimesInput(None if number % 2 else shop.branch_id, [number % 7], [(600, 660)])
        rulebook.save_peak(session, PeakInput(times, {"en": "x"}, deposit_percent=number))
        rulebook.save_window(session, WindowInput(times, 1, number))
    elsewhere = TimesInput(shop.second_branch_id, [0], [(600, 660)])
    rulebook.save_peak(session, PeakInput(elsewhere, {"en": "x"}, deposit_percent=99))
    rulebook.add_policy(session, PolicyInput(shop.second_branch_id, None, {"max_moves": 9}))
    read_rulebook(session, branch)
    seen: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda _c, _k, sql, *_rest: seen.append(sql))
    book = read_rulebook(session, branch)
    assert (len(seen), len(book.peaks), len(book.windows), book.policies) == (4, 20, 20, ())
