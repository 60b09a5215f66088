"""What changes on a day holds for appointments that begin on that day or later, in every answer that spans it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from blueprints.booking import frames, service
from blueprints.booking.queries.earliest import earliest
from blueprints.booking.queries.free import free_days
from blueprints.booking.queries.quote import quote
from blueprints.booking.settings import TERMS
from blueprints.booking.values import FreeDay, Guest, Item
from blueprints.catalog import api as catalog
from blueprints.catalog import settings
from shopbell import clock
from shopbell.config_version import config_version
from tenants.settings import store
from tenants.settings.keys import Key
from tenants.settings.rules import THE_CHAIN, path_to
from tenants.settings.store import Change
from tests.booking.test_reserve import request
from tests.support.world import Shop

MONDAY, CHANGE = date(2026, 3, 2), date(2026, 3, 9)
FORTNIGHT = 14


def say(session: Session, key: Key, value: object, on: date = CHANGE, subject: object = "") -> None:
    store.say(session, [Change(key, (THE_CHAIN,), on, value, str(subject))])


def fortnight(session: Session, shop: Shop) -> dict[date, FreeDay]:
    return {free.day: free for free in free_days(session, shop.branch_id, shop.eye_test, MONDAY, FORTNIGHT)}


def hours(free: FreeDay) -> tuple[str, str]:
    return free.slots[0].text[11:16], free.slots[-1].text[11:16]


@pytest.mark.proves("T2")
def test_a_longer_duration_begins_in_the_middle_of_a_fortnight(session: Session, shop: Shop) -> None:
    usual = hours(fortnight(session, shop)[CHANGE])
    say(session, settings.PERCENT, 200, subject=shop.eye_test)
    found = fortnight(session, shop)
    assert len(found) == FORTNIGHT
    for day, free in found.items():
        expected = usual if day < CHANGE else ("09:00", "17:00")
        assert day == MONDAY or hours(free) == expected, day


@pytest.mark.proves("T2")
def test_other_hours_begin_in_the_middle_of_a_fortnight(session: Session, shop: Shop) -> None:
    session.connection().exec_driver_sql("delete from opening_hours")
    say(session, settings.HOURS, {str(day): [[540, 1080]] for day in range(7)}, on=MONDAY)
    say(session, settings.HOURS, {"0": [[600, 720]], "1": [[540, 1080]]})
    found = fortnight(session, shop)
    assert hours(found[CHANGE]) == ("10:00", "11:30")
    assert hours(found[CHANGE + timedelta(days=1)]) == ("09:00", "17:30")
    assert hours(found[CHANGE - timedelta(days=1)]) == ("09:00", "17:30")
    assert found[CHANGE + timedelta(days=2)].slots == ()


@pytest.mark.proves("T2")
def test_another_grid_and_lead_time_hold_for_the_days_they_are_said_of(session: Session, shop: Shop) -> None:
    say(session, settings.SLOT_MINUTES, 60)
    say(session, settings.LEAD_MINUTES, 7 * 24 * 60)
    found = fortnight(session, shop)
    assert len(found[CHANGE - timedelta(days=1)].slots) == 35
    assert {slot.text[14:16] for slot in found[CHANGE + timedelta(days=1)].slots} == {"00"}
    # A week's lead time from Monday 08:00 on lets the Monday after begin at that hour.
    assert hours(found[CHANGE])[0] == "09:00"


@pytest.mark.proves("T2")
def test_a_price_is_that_of_the_appointments_day_and_is_written_with_it(session: Session, shop: Shop) -> None:
    say(session, settings.PRICE, {"minor": 24900, "currency": "CNY"}, subject=shop.eye_test)
    wish = (Guest((Item(shop.eye_test, (), None),)),)
    before, after = (datetime(2026, 3, day, 3, tzinfo=UTC) for day in (8, 9))
    told = [quote(session, shop.branch_id, at, wish).price_minor for at in (before, after)]
    assert told == [19900, 24900]
    made = [service.reserve(session, request(shop, at)).price_minor for at in (before, after)]
    assert made == told


@pytest.mark.proves("T2")
def test_stricter_terms_come_with_their_day(session: Session, shop: Shop) -> None:
    say(session, TERMS["cancel_minutes"], 2880)
    before, after = (service.reserve(session, request(shop, datetime(2026, 3, day, 3, tzinfo=UTC))) for day in (8, 9))
    assert (before.terms.cancel_minutes, after.terms.cancel_minutes) == (120, 2880)


@pytest.mark.proves("T2")
def test_a_service_that_begins_or_ends_on_a_day_is_free_on_the_others(session: Session, shop: Shop) -> None:
    say(session, settings.OFFERED, False, subject=shop.eye_test)
    found = fortnight(session, shop)
    assert all(bool(free.slots) == (day < CHANGE) for day, free in found.items())
    with pytest.raises(catalog.UnknownService):
        free_days(session, shop.branch_id, shop.eye_test, CHANGE, 3)


@pytest.mark.proves("T2")
def test_the_search_over_the_chain_knows_the_day_too(session: Session, shop: Shop) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    say(session, settings.OFFERED, False, on=tomorrow, subject=shop.eye_test)
    wish = [Guest((Item(shop.eye_test, (), None),))]
    found = earliest(session, wish, per_branch=1000)[shop.branch_id]
    assert {slot.text[:10] for slot in found} == {"2026-03-02"}
    later = earliest(session, wish, first_day=tomorrow)
    assert later == {}


def test_the_day_is_that_of_the_branchs_zone(session: Session, shop: Shop) -> None:
    version = config_version(session)
    assert frames.frame(session, shop.branch_id, MONDAY, FORTNIGHT, version=version).later == {}
    say(session, settings.SLOT_MINUTES, 60)
    version = config_version(session)
    frame = frames.frame(session, shop.branch_id, MONDAY, FORTNIGHT, version=version)
    (begins,) = frame.later
    assert begins == CHANGE
    assert frame.on(CHANGE).branch.slot_minutes == 60
    assert frame.on(CHANGE - timedelta(days=1)) is frame


def test_a_remembered_frame_stays_right_as_days_pass(session: Session, shop: Shop) -> None:
    say(session, settings.SLOT_MINUTES, 60)
    with clock.frozen(datetime(2026, 3, 8, 2, tzinfo=UTC)):
        assert len(free_of(session, shop, CHANGE)) == 9
        assert len(free_of(session, shop, CHANGE - timedelta(days=1))) > 20
    with clock.frozen(datetime(2026, 3, 9, 0, tzinfo=UTC)):
        assert catalog.branch(session, shop.branch_id).slot_minutes == 60
        assert len(free_of(session, shop, CHANGE)) == 9


def free_of(session: Session, shop: Shop, day: date) -> tuple[object, ...]:
    (free,) = free_days(session, shop.branch_id, shop.eye_test, day, 1)
    return free.slots


def test_a_branch_in_another_currency_offers_what_has_a_price_in_it(session: Session, shop: Shop) -> None:
    path = path_to(None, shop.branch_id)
    store.say(session, [Change(settings.CURRENCY, path, MONDAY, "VND")])
    branch = catalog.branch(session, shop.branch_id)
    assert branch.currency == "VND"
    assert catalog.branch_terms(session, branch.id)[shop.eye_test].offered is False
    price = {"minor": 350_000, "currency": "VND"}
    store.say(session, [Change(settings.PRICE, path, MONDAY, price, str(shop.eye_test))])
    made = service.reserve(session, request(shop))
    assert (made.price_minor, made.currency) == (350_000, "VND")
    (told,) = [one for one in catalog.services_at(session, branch) if one.id == shop.eye_test]
    assert (told.price_minor, told.currency) == (350_000, "VND")


def test_many_overrides_cost_no_query_more(session: Session, shop: Shop) -> None:
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: asked.append(given[2]))

    def count() -> int:
        catalog.branches(session)
        asked.clear()
        catalog.branches(session)
        catalog.branch_terms(session, shop.branch_id)
        catalog.opening_spans(session, shop.branch_id, MONDAY, FORTNIGHT)
        return len(asked)

    few = count()
    for number in range(30):
        subject = str(UUID(int=number))
        store.say(session, [Change(settings.PERCENT, path_to(None, shop.branch_id), CHANGE, 150, subject)])
    assert count() == few == 4
