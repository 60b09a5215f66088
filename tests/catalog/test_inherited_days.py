"""Official holidays and single days, as the chain, a region or a branch says them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from blueprints.booking import frames
from blueprints.booking import service as booking
from blueprints.booking.queries.earliest import earliest
from blueprints.booking.queries.free import free_days
from blueprints.booking.values import Guest, Item
from blueprints.catalog import queries, service
from blueprints.catalog.queries.days import ExceptionView, days_at, exceptions_at, own_as_said
from blueprints.catalog.rules import HolidayRule
from blueprints.catalog.settings import DAY_HOURS, HOLIDAY_CALENDAR, HOLIDAY_HOURS
from blueprints.settings.queries import impact_of
from shopbell import clock
from shopbell.config_version import config_version
from shopbell.spans import Span
from tenants.settings import store
from tenants.settings.errors import SettingLocked
from tenants.settings.keys import Key
from tenants.settings.rules import THE_CHAIN, Entry, Path, path_to, said_of
from tenants.settings.store import Author, Change
from tests.booking.test_reserve import request
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
TODAY, INVENTORY = date(2026, 3, 2), date(2026, 3, 11)
QINGMING, LABOUR_DAY = date(2026, 4, 6), date(2026, 5, 1)
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


def day_of(spans: list[list[int]] | None = None, reason: str = "") -> dict[str, object]:
    return {"spans": spans or [], "reason": reason}


def say_day(
    session: Session,
    day: date,
    value: object,
    path: Path = (THE_CHAIN,),
    *,
    own: bool = True,
    locked: bool = False,
    on: date = TODAY,
) -> None:
    store.say(session, [Change(DAY_HOURS, path, on, value, day.isoformat(), own, locked)], CHEN)


@pytest.mark.proves("T2")
def test_one_day_is_closed_in_all_branches_until_one_has_hours_of_its_own(
    session: Session, shop: Shop, region: UUID
) -> None:
    say_day(session, INVENTORY, day_of(reason="Stocktaking"))
    here, there = shop.branch_id, shop.second_branch_id
    assert [hours(session, one, INVENTORY) for one in (here, there)] == [[], []]
    assert hours(session, here, INVENTORY + timedelta(days=1)) == [NINE_TO_SIX]
    say_day(session, INVENTORY, day_of([[600, 660]]), path_to(region))
    assert [hours(session, one, INVENTORY) for one in (here, there)] == [[(600, 660)], []]
    service.set_exception(session, there, INVENTORY, [(720, 780)])
    assert hours(session, there, INVENTORY) == [(720, 780)]
    service.drop_exception(session, there, INVENTORY)
    say_day(session, INVENTORY, None, own=False)
    assert [hours(session, one, INVENTORY) for one in (here, there)] == [[(600, 660)], [NINE_TO_SIX]]


@pytest.mark.proves("T2")
def test_a_day_that_is_locked_above_is_not_the_branchs_to_change(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    service.set_exception(session, shop.branch_id, INVENTORY, [(600, 660)])
    say_day(session, INVENTORY, day_of(reason="Stocktaking"), locked=True)
    assert hours(session, shop.branch_id, INVENTORY) == []
    typed = {"day": INVENTORY.isoformat(), "spans": "10:00-12:00"}
    answer = sign_in_as("hq").post(f"/hq/branches/{shop.branch_id}/exceptions", data=typed)
    assert answer.status_code == 409
    for shown in ("Locked by head office (Chen).", "from the chain", "Stocktaking"):
        assert shown in answer.text
    assert hours(session, shop.branch_id, INVENTORY) == []
    say_day(session, INVENTORY, day_of(reason="Stocktaking"))
    assert hours(session, shop.branch_id, INVENTORY) == [(600, 660)], "what the branch says holds again"


@pytest.mark.proves("T2")
def test_a_day_of_the_chain_goes_before_the_holiday_and_is_told_in_two_queries(session: Session, shop: Shop) -> None:
    say(session, HOLIDAY_CALENDAR, "CN")
    say(session, HOLIDAY_HOURS, "closed")
    say_day(session, QINGMING, day_of([[600, 720]]))
    queries.branches(session)
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    found = queries.opening_of(session, [shop.branch_id, shop.second_branch_id], QINGMING, 1)
    assert (len(asked), list(found.values())) == (2, [{QINGMING: [(600, 720)]}] * 2)
    with clock.frozen(clock.at_local(QINGMING, 700, clock.zone("Asia/Shanghai"))) as at:
        branch = queries.branch(session, shop.branch_id)
        assert queries.states(session, [branch], at)[shop.branch_id].kind == "open"


@pytest.mark.proves("B10")
def test_nobody_books_on_a_day_on_which_the_chain_is_closed(session: Session, shop: Shop) -> None:
    frames.frame(session, shop.branch_id, TODAY, 14)
    say_day(session, INVENTORY, day_of())
    free = {one.day: one for one in free_days(session, shop.branch_id, shop.eye_test, TODAY, 14)}
    assert [day for day, one in free.items() if not one.slots] == [INVENTORY]
    version = config_version(session)
    frame = frames.frame(session, shop.branch_id, TODAY, 14, version=version)
    assert frame.later == {}, "a frame needs no other set of rules for it"
    wish = [Guest((Item(shop.eye_test, (), None),))]
    found = earliest(session, wish, first_day=INVENTORY, per_branch=1)
    assert {slots[0].text[:10] for slots in found.values()} == {(INVENTORY + timedelta(days=1)).isoformat()}


@pytest.mark.proves("T2")
def test_the_preview_counts_what_a_closed_day_breaks(session: Session, shop: Shop) -> None:
    for day in (10, 11, 12):
        booking.reserve(session, request(shop, datetime(2026, 3, day, 3, tzinfo=UTC)))
    change = Change(DAY_HOURS, (THE_CHAIN,), TODAY, day_of(), INVENTORY.isoformat())
    assert impact_of(session, [change]).counts == {shop.branch_id: {"hours": 1}}
    service.set_exception(session, shop.branch_id, INVENTORY, [NINE_TO_SIX])
    assert impact_of(session, [change]).counts == {}
    locked = replace(change, locked=True)
    assert impact_of(session, [locked]).counts == {shop.branch_id: {"hours": 1}}


@pytest.mark.proves("T2")
def test_head_office_closes_a_day_on_its_pages(sign_in_as: SignIn, session: Session, shop: Shop, region: UUID) -> None:
    browser, days = sign_in_as("hq"), "/hq/settings/days?place=chain"
    booking.reserve(session, request(shop, datetime(2026, 3, 11, 3, tzinfo=UTC)))
    for wrong in ("", "2026-03-01", "soon"):
        assert browser.get(f"{days}&day={wrong}").status_code == 422
    form = browser.get(f"{days}&day={INVENTORY}").location
    assert "Wednesday, March 11, 2026" in browser.get(form).text
    refused = browser.post(form, data={"own": "yes", "value": "12:00-10:00", "reason": "Stocktaking"})
    assert (refused.status_code, 'value="Stocktaking"' in refused.text) == (422, True)
    draft = browser.post(form, data={"own": "yes", "value": "", "reason": "Stocktaking", "locked": "yes"}).location
    preview = browser.get(draft).text
    assert "Closed · Stocktaking" in preview
    assert "<td>1</td>" in preview
    seen = re.search(r'name="seen" value="(\w+)"', preview)
    assert seen
    assert browser.post(f"{draft}/publication", data={"seen": seen[1]}).status_code == 303
    for place in ("chain", f"region:{region}", f"branch:{shop.branch_id}"):
        assert "Closed · Stocktaking" in browser.get(f"/hq/settings/days?place={place}").text
    assert "Stocktaking" in browser.get(f"/hq/branches/{shop.branch_id}/hours").text
    assert hours(session, shop.branch_id, INVENTORY) == []
    again = browser.post(form, data={"own": "no", "value": ""}).location
    assert "The usual hours of the weekday" in browser.get(again).text


def test_a_branch_sees_its_own_days_among_the_others(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    service.set_exception(session, shop.branch_id, INVENTORY, [(600, 660)], reason="Party")
    say_day(session, QINGMING, day_of())
    text_ = sign_in_as("manager", [shop.branch_id]).get(f"/hq/settings/days?place=branch:{shop.branch_id}").text
    assert "10:00–11:00 · Party" in text_
    assert "from the chain" in text_
    assert "Add day" not in text_


def test_programs_say_single_days(api_client: SignIn, session: Session, shop: Shop) -> None:
    client, at = api_client("settings"), "/api/v1/settings"
    wanted = {"key": "hours.day", "day": INVENTORY.isoformat(), "value": {"spans": [], "reason": "Stocktaking"}}
    assert client.put(at, json=wanted).status_code == 200
    (told,) = client.get(f"{at}?day={INVENTORY}&branch={shop.branch_id}").get_json()["items"]
    assert (told["value"], told["source"]["level"]) == (wanted["value"], "chain")
    for wrong, field in (
        ({"day": "2026-03-01"}, "day"),
        ({"starts_on": "2026-03-12"}, "starts_on"),
        ({"value": {"spans": [[700, 600]]}}, "value"),
        ({"branch": str(shop.branch_id)}, "value"),
    ):
        answer = client.put(at, json=wanted | wrong)
        assert (answer.status_code, list(answer.get_json()["fields"])) == (422, [field]), wrong
    assert client.put(at, json={**wanted, "day": None}).status_code == 404
    assert client.put(at, json={**wanted, "key": "lead_minutes"}).status_code == 404


PLACES = st.sampled_from([THE_CHAIN, *path_to(UUID(int=1), UUID(int=2))[1:2], *path_to(UUID(int=3))[1:]])
SPANS = st.sampled_from([[], [[600, 660]], [[540, 720], [780, 1080]]])
ENTRIES = st.builds(
    Entry,
    PLACES,
    SPANS.map(day_of),
    st.sampled_from([None, TODAY, INVENTORY, QINGMING]),
    own=st.booleans(),
    locked=st.booleans(),
)
DAYS = st.sampled_from([TODAY, INVENTORY, QINGMING, LABOUR_DAY])


@given(st.lists(st.tuples(DAYS, ENTRIES), max_size=12), st.dictionaries(DAYS, SPANS, max_size=3))
def test_days_are_those_that_the_settings_would_tell_if_a_branch_said_its_own_there(
    rows: list[tuple[date, Entry]], own: dict[date, list[list[int]]]
) -> None:
    path = path_to(UUID(int=1), UUID(int=2))
    above = said_of(((DAY_HOURS.name, day.isoformat()), entry) for day, entry in rows)
    views = {day: ExceptionView(day, [(span[0], span[1]) for span in spans], "") for day, spans in own.items()}
    everything = above.including(own_as_said(path, views))
    told = {day: everything.value(DAY_HOURS, path, day, day.isoformat()) for day in [TODAY, INVENTORY, QINGMING]}
    found = days_at(above, path, {day: view.spans for day, view in views.items()}, TODAY, QINGMING)
    expected = {day: [tuple(span) for span in value["spans"]] for day, value in told.items() if value}
    assert {day: spans for day, spans in found.items() if day <= QINGMING} == expected
    listed = exceptions_at(above, path, views, TODAY)
    assert {view.day: view.spans for view in listed if view.day <= QINGMING} == expected
