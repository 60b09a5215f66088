"""Official holidays that the chain, a region or a branch may say, from a day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from blueprints.booking import service as booking
from blueprints.catalog import queries, service
from blueprints.catalog.rules import HolidayRule
from blueprints.catalog.settings import HOLIDAY_CALENDAR, HOLIDAY_HOURS
from blueprints.settings.queries import impact_of
from shopbell.spans import Span
from tenants.settings import store
from tenants.settings.errors import SettingLocked
from tenants.settings.keys import Key
from tenants.settings.rules import THE_CHAIN, Path, path_to
from tenants.settings.store import Author, Change
from tests.booking.test_reserve import request
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
TODAY, QINGMING, LABOUR_DAY = date(2026, 3, 2), date(2026, 4, 6), date(2026, 5, 1)
CHEN = Author(None, "Chen")
NINE_TO_SIX = (540, 1080)


def say(
    session: Session, key: Key, value: object, path: Path = (THE_CHAIN,), on: date = TODAY, locked: bool = False
) -> None:
    store.say(session, [Change(key, path, on, value, locked=locked)], CHEN)


def hours(session: Session, branch_id: UUID, day: date) -> list[Span]:
    return queries.opening_spans(session, branch_id, day, 1)[day]


@pytest.fixture
def region(session: Session, shop: Shop) -> UUID:
    south = service.add_region(session, {"en": "South"})
    service.place_branches(session, south, inside={shop.branch_id}, outside=set())
    return south


@pytest.mark.proves("B10")
@pytest.mark.proves("T2")
def test_a_branch_follows_the_holidays_of_its_region_and_the_chain(session: Session, shop: Shop, region: UUID) -> None:
    say(session, HOLIDAY_HOURS, "closed")
    assert hours(session, shop.branch_id, QINGMING) == [NINE_TO_SIX], "no calendar is followed yet"
    say(session, HOLIDAY_CALENDAR, "CN", path_to(region))
    assert hours(session, shop.branch_id, QINGMING) == []
    assert hours(session, shop.second_branch_id, QINGMING) == [NINE_TO_SIX]
    service.set_holidays(session, shop.branch_id, HolidayRule("CN", "usual"), CHEN)
    assert hours(session, shop.branch_id, QINGMING) == [NINE_TO_SIX], "the branch has its own way"
    said, path = queries.opening_said(session, shop.branch_id)
    assert said.source(HOLIDAY_CALENDAR, path, TODAY).place == path_to(region)[-1], "what holds anyway is taken over"  # type: ignore[union-attr]


@pytest.mark.proves("T2")
def test_what_stands_in_the_branchs_columns_is_what_it_has_said_ever_since(session: Session, shop: Shop) -> None:
    session.execute(text("update branches set holiday_calendar = 'CN', holiday_hours = 'closed'"))
    assert hours(session, shop.branch_id, QINGMING) == []
    say(session, HOLIDAY_HOURS, "usual", path_to(None, shop.branch_id))
    assert hours(session, shop.branch_id, QINGMING) == [NINE_TO_SIX]
    say(session, HOLIDAY_HOURS, "closed", locked=True)
    assert hours(session, shop.branch_id, QINGMING) == []


@pytest.mark.proves("T2")
def test_another_rule_begins_on_its_day(session: Session, shop: Shop) -> None:
    say(session, HOLIDAY_CALENDAR, "CN")
    say(session, HOLIDAY_HOURS, "closed", on=date(2026, 4, 7))
    found = queries.opening_spans(session, shop.branch_id, QINGMING, 26)
    assert (found[QINGMING], found[LABOUR_DAY]) == ([NINE_TO_SIX], [])


@pytest.mark.proves("T2")
def test_the_preview_counts_appointments_on_days_that_become_holidays(session: Session, shop: Shop) -> None:
    service.set_holidays(session, shop.branch_id, HolidayRule("CN"))
    for day in (3, 6):
        booking.reserve(session, request(shop, datetime(2026, 4, day, 3, tzinfo=UTC)))
    change = Change(HOLIDAY_HOURS, (THE_CHAIN,), TODAY, "closed")
    assert impact_of(session, [change]).counts == {shop.branch_id: {"hours": 1}}


@pytest.mark.proves("T2")
def test_a_rule_that_is_locked_above_is_refused_on_the_branchs_page(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    browser, address = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}"
    say(session, HOLIDAY_CALENDAR, "CN", locked=True)
    typed = {"calendar": "VN", "on_holidays": "closed", "on_makeup_days": "usual"}
    answer = browser.post(f"{address}/holidays", data=typed)
    assert (answer.status_code, "Locked by head office (Chen)." in answer.text) == (409, True)
    assert queries.branch(session, shop.branch_id).holidays == HolidayRule("CN")
    assert browser.post(f"{address}/holidays", data=typed | {"calendar": "CN"}).status_code == 303
    assert queries.branch(session, shop.branch_id).holidays == HolidayRule("CN", "closed")
    with pytest.raises(SettingLocked):
        service.set_holidays(session, shop.branch_id, HolidayRule())


@pytest.mark.proves("T2")
def test_people_choose_a_calendar_by_its_name(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    form = browser.get("/hq/settings/change?place=chain&key=holiday_calendar").text
    assert '<option value="VN">Vietnam</option>' in form
    say(session, HOLIDAY_CALENDAR, "CN")
    assert "China" in browser.get(f"/hq/settings?place=branch:{shop.branch_id}").text
    assert "from the chain" in browser.get(f"/hq/branches/{shop.branch_id}/hours").text


def test_programs_read_and_say_the_calendar(api_client: SignIn, session: Session, shop: Shop) -> None:
    client = api_client("settings")
    answer = client.put("/api/v1/settings", json={"key": "holiday_calendar", "value": "VN"})
    assert (answer.status_code, answer.get_json()["value"]) == (200, "VN")
    found = client.get(f"/api/v1/settings?key=holiday_calendar&branch={shop.branch_id}").get_json()["items"]
    assert (found[0]["value"], found[0]["source"]["level"]) == ("VN", "chain")
    assert client.put("/api/v1/settings", json={"key": "holiday_calendar", "value": "FR"}).status_code == 422
