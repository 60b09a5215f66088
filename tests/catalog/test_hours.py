"""Official holidays, hours as OpenStreetMap writes them, and what goes before what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput
from blueprints.catalog import queries, service
from blueprints.catalog.errors import BadCatalogue
from blueprints.catalog.models import OpeningException
from blueprints.catalog.rules import (
    HolidayRule,
    NotUnderstood,
    official_day,
    official_days,
    official_year,
    open_on,
    understand,
)
from shopbell import clock
from shopbell.spans import Span
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
NINE_TO_SIX = (540, 1080)
TODAY = date(2026, 3, 2)
ELEVEN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
WEEK: dict[int, list[Span]] = {0: [(480, 1200)], **{day: [NINE_TO_SIX] for day in range(1, 6)}, 6: [(600, 900)]}
CHINA = HolidayRule("CN", "closed", "monday")


@pytest.mark.proves("B10")
def test_a_holiday_closes_and_a_working_saturday_opens_like_a_monday() -> None:
    hours = open_on(date(2026, 2, 14), 10, {**WEEK, 5: []}, {}, CHINA)
    assert hours[date(2026, 2, 14)] == [(480, 1200)], "a Saturday that makes up for the Spring Festival"
    assert all(hours[date(2026, 2, day)] == [] for day in range(15, 24))
    assert open_on(date(2026, 2, 24), 1, WEEK, {}, CHINA)[date(2026, 2, 24)] == [NINE_TO_SIX]


@pytest.mark.proves("B10")
def test_a_day_with_hours_of_its_own_goes_before_the_holiday() -> None:
    day = date(2026, 10, 1)
    assert open_on(day, 1, WEEK, {day: [(600, 720)]}, CHINA)[day] == [(600, 720)]
    assert open_on(day, 1, WEEK, {}, CHINA)[day] == []
    assert open_on(day, 1, WEEK, {}, HolidayRule("CN", "sunday"))[day] == [(600, 900)]
    assert open_on(day, 1, WEEK, {}, HolidayRule("CN"))[day] == [NINE_TO_SIX]


@pytest.mark.proves("B10")
def test_a_year_that_is_not_published_is_unknown_and_not_without_holidays() -> None:
    assert official_year("CN", 2026).known == "published"
    unknown = official_year("CN", 2031)
    assert (unknown.known, unknown.days) == ("unknown", {})
    assert official_day("CN", date(2031, 10, 1)) is None
    assert open_on(date(2031, 10, 1), 1, WEEK, {}, CHINA)[date(2031, 10, 1)] == [NINE_TO_SIX]


@pytest.mark.proves("B10")
def test_vietnam_closes_on_the_days_of_the_law_while_swaps_are_only_likely() -> None:
    closed = HolidayRule("VN", "closed", "monday")
    assert official_year("VN", 2026).known == "published"
    assert official_day("VN", date(2026, 8, 22)).kind == "work"  # type: ignore[union-attr]
    assert open_on(date(2026, 8, 31), 1, WEEK, {}, closed)[date(2026, 8, 31)] == []
    later = official_year("VN", 2031)
    assert later.known == "by_law"
    tet = [one.day for one in later.days.values() if one.name == "Tết" and one.sure]
    assert tet == [date(2031, 1, 22) + timedelta(days=day) for day in range(5)]
    second = next(one for one in later.days.values() if one.name == "National Day" and one.day.day != 2)
    assert not second.sure
    assert open_on(second.day, 1, WEEK, {}, closed)[second.day] == WEEK[second.day.weekday()]


def test_official_days_come_in_order_over_the_turn_of_the_year() -> None:
    found = [one.day for one in official_days("VN", date(2026, 11, 1), date(2027, 2, 28))]
    assert found == sorted(found)
    assert {found[0], date(2027, 1, 1)} <= set(found)
    assert official_days("", TODAY, TODAY + timedelta(days=400)) == []


TEXT = "Mo-Fr 09:00-18:00; Sa 10:00-14:00; PH off; Dec 24 09:00-12:00; 2026 Aug 10-16 off; Mo[1] off"


@pytest.mark.proves("B10")
def test_written_hours_become_a_week_a_holiday_rule_and_days() -> None:
    found = understand(TEXT, TODAY, 400, HolidayRule("CN"))
    assert found.weekly == {**{day: [NINE_TO_SIX] for day in range(5)}, 5: [(600, 840)]}
    assert found.on_holidays == "closed"
    assert found.exceptions[date(2026, 12, 24)] == [(540, 720)]
    assert [found.exceptions[date(2026, 8, day)] for day in range(10, 16)] == [[]] * 6
    assert found.exceptions[date(2026, 4, 6)] == [], "the first Monday of April"
    assert date(2026, 10, 1) not in found.exceptions, "the rule for holidays says it already"


def test_written_hours_for_one_holiday_of_many_become_that_day() -> None:
    found = understand("Mo-Su 09:00-18:00; PH off; Oct 1 10:00-12:00", TODAY, 400, HolidayRule("CN"))
    assert found.on_holidays == "closed"
    assert list(found.exceptions.items()) == [(date(2026, 10, 1), [(600, 720)])]


def test_holidays_may_have_hours_of_their_own_in_writing() -> None:
    found = understand("Mo-Su 09:00-18:00; PH 10:00-15:00", TODAY, 300, HolidayRule("CN"))
    assert found.exceptions[date(2026, 10, 1)] == [(600, 900)]
    sunday = understand("Mo-Sa 09:00-18:00; Su,PH 10:00-15:00", TODAY, 300, HolidayRule("CN"))
    assert (sunday.on_holidays, sunday.exceptions) == ("sunday", {})


def test_hours_past_midnight_become_two_days() -> None:
    found = understand("Fr 20:00-02:00", TODAY, 30, HolidayRule())
    assert found.weekly == {4: [(1200, 1440)], 5: [(0, 120)]}
    assert found.past_midnight
    assert not understand("24/7", TODAY, 30, HolidayRule()).past_midnight
    both = understand("Fr 20:00-24:00; Sa 00:00-02:00,10:00-14:00", TODAY, 30, HolidayRule())
    assert both.weekly == {4: [(1200, 1440)], 5: [(0, 120), (600, 840)]}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Mo-Fr 9-18; Sa 10:00-12:00", "Mo-Fr 9-18"),
        ("Mo-Fr 09:00-18:00; Sa sunrise-12:00", "Sa sunrise-12:00"),
        ("Mo-Fr 09:00-18:00; Sa 10:00+", "Sa 10:00+"),
        ('Mo-Fr 09:00-18:00 "ring twice"', 'Mo-Fr 09:00-18:00 "ring twice"'),
        ("Mo-Fr 09:00-18:00; SH off", "SH off"),
        ("Mo-Fr 09:00-18:00; PH off", "PH off"),
        ("Mo-Fr 09:00-18:00 unknown", "Mo-Fr 09:00-18:00 unknown"),
        ("Fr 20:00-02:00; Sa 10:00-14:00", "Fr 20:00-02:00"),
        ("10:00-16:00/01:30", "10:00-16:00/01:30"),
        ("Mo \ud83d", "Mo \ud83d"),
        ("", ""),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_name(text: str, part: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        understand(text, TODAY, 60, HolidayRule())
    assert caught.value.part == part


WORDS = st.sampled_from(
    [
        "Mo",
        "Fr",
        "Sa",
        "Su",
        "PH",
        "SH",
        "-",
        ",",
        ";",
        "/",
        "+",
        "[1]",
        "[-1]",
        "09:00",
        "18:00",
        "26:00",
        "99:99",
        "off",
        "open",
        "24/7",
        "Feb",
        "30",
        "2026",
        "1900",
        "9999",
        "week",
        "53",
        "easter",
        "+1",
        "day",
        "||",
        "Dec",
        "24",
        "–",
    ]
)


@hypothesis_settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=10).map(" ".join), st.text(max_size=60)))
def test_any_text_is_understood_or_refused_and_then_says_what_the_days_say(text: str) -> None:
    try:
        found = understand(text, TODAY, 60, CHINA)
    except NotUnderstood:
        return
    for spans in [*found.weekly.values(), *found.exceptions.values()]:
        assert all(0 <= opens < closes <= 1440 for opens, closes in spans)


@pytest.mark.proves("B10")
def test_opening_spans_follow_the_calendar_in_two_queries(session: Session, shop: Shop) -> None:
    service.set_holidays(session, shop.branch_id, CHINA)
    service.set_exception(session, shop.branch_id, date(2026, 10, 3), [(600, 720)])
    queries.branch(session, shop.branch_id)
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *found: statements.append(found[2]))
    hours = queries.opening_spans(session, shop.branch_id, date(2026, 9, 1), 76)
    assert len(statements) == 2
    assert hours[date(2026, 9, 30)] == [NINE_TO_SIX]
    assert [hours[date(2026, 10, day)] for day in range(1, 8)] == [[], [], [(600, 720)], [], [], [], []]
    with clock.frozen(clock.at_local(date(2026, 10, 1), 700, clock.zone("Asia/Shanghai"))) as at:
        branch = queries.branch(session, shop.branch_id)
        assert queries.states(session, [branch], at)[shop.branch_id].kind == "closed"


def test_written_hours_replace_those_of_an_earlier_text_but_no_day_entered_by_hand(
    session: Session, shop: Shop
) -> None:
    service.set_holidays(session, shop.branch_id, CHINA)
    by_hand = date(2026, 8, 11)
    service.set_exception(session, shop.branch_id, by_hand, [(600, 660)], reason="Stocktaking")
    for _ in range(2):
        service.set_written_hours(session, shop.branch_id, TEXT)
    hours = queries.opening_spans(session, shop.branch_id, date(2026, 8, 9), 3)
    assert list(hours.values()) == [[], [], [(600, 660)]]
    service.set_written_hours(session, shop.branch_id, "Mo-Su 08:00-20:00")
    left = queries.exceptions_from(session, shop.branch_id, TODAY)
    assert [(one.day, one.from_text) for one in left] == [(by_hand, False)]
    assert queries.written_hours(session, shop.branch_id).text == "Mo-Su 08:00-20:00"


def test_written_hours_are_worked_out_further_as_time_goes_on(session: Session, shop: Shop) -> None:
    service.set_written_hours(session, shop.branch_id, "Mo-Su 09:00-18:00; Dec 24 09:00-12:00")
    service.extend_written_hours(session)
    assert len(queries.exceptions_from(session, shop.branch_id, TODAY)) == 1
    with clock.frozen(clock.now() + timedelta(days=320)):
        service.extend_written_hours(session)
        service.extend_written_hours(session)
    days = [one.day for one in queries.exceptions_from(session, shop.branch_id, TODAY)]
    assert days == [date(2026, 12, 24), date(2027, 12, 24)]


def test_hours_entered_day_by_day_end_the_written_ones(session: Session, shop: Shop) -> None:
    service.set_written_hours(session, shop.branch_id, "Mo-Su 09:00-18:00; Dec 24 09:00-12:00")
    service.set_hours(session, shop.branch_id, {0: [NINE_TO_SIX]})
    assert queries.written_hours(session, shop.branch_id).text == ""
    assert not session.scalars(select(OpeningException.day).where(OpeningException.from_text)).all()
    assert queries.exceptions_from(session, shop.branch_id, TODAY)[0].day == date(2026, 12, 24)


def test_holiday_rules_that_do_not_exist_are_named(session: Session, shop: Shop) -> None:
    with pytest.raises(BadCatalogue) as caught:
        service.set_holidays(session, shop.branch_id, HolidayRule("FR", "party", "tuesday"))
    assert set(caught.value.fields) == {"calendar", "on_holidays", "on_makeup_days"}


@pytest.mark.proves("B10")
def test_the_page_says_what_official_days_mean_and_which_years_are_not_known(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    browser = sign_in_as("hq")
    typed = {"calendar": "CN", "on_holidays": "closed", "on_makeup_days": "monday"}
    assert browser.post(f"/hq/branches/{shop.branch_id}/holidays", data=typed).status_code == 303
    page = browser.get(f"/hq/branches/{shop.branch_id}/hours").text
    for words in ("2026: published", "2028: not published yet", "Qingming", "make-up working day"):
        assert words in page
    wrong = browser.post(f"/hq/branches/{shop.branch_id}/holidays", data=typed | {"on_holidays": "maybe"})
    assert (wrong.status_code, 'href="#f-on_holidays"' in wrong.text) == (422, True)


@pytest.mark.proves("B10")
def test_the_page_shows_what_a_text_means_before_it_is_saved(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, address = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}/written-hours"
    before = queries.weekly_hours(session, shop.branch_id)
    text = "Mo-Fr 10:00-19:00; Dec 24 off"
    shown = browser.post(address, data={"text": text})
    assert shown.status_code == 200
    assert "10:00–19:00" in shown.text
    assert "Nothing is saved yet" in shown.text
    changed = browser.post(address, data={"text": text + "; Sa off", "shown": text})
    assert changed.status_code == 200
    session.expire_all()
    assert queries.weekly_hours(session, shop.branch_id) == before
    assert browser.post(address, data={"text": text, "shown": text}).status_code == 303
    assert queries.weekly_hours(session, shop.branch_id)[0] == [(600, 1140)]
    assert text in browser.get(f"/hq/branches/{shop.branch_id}/hours").text


def test_a_text_that_cannot_be_read_stays_typed_and_names_the_part(sign_in_as: SignIn, shop: Shop) -> None:
    answer = sign_in_as("hq").post(f"/hq/branches/{shop.branch_id}/written-hours", data={"text": "Mo 9-18; PH off"})
    assert answer.status_code == 422
    assert "Mo 9-18; PH off" in answer.text
    assert "“PH off”" in answer.text


@pytest.mark.parametrize("part", ["holidays", "written-hours"])
def test_only_head_office_sets_hours_of_its_own_branches(
    sign_in_as: SignIn, client: FlaskClient, shop: Shop, other_shop: Shop, part: str
) -> None:
    assert client.post(f"/hq/branches/{shop.branch_id}/{part}").status_code in {302, 303, 401}
    assert sign_in_as("manager", [shop.branch_id]).post(f"/hq/branches/{shop.branch_id}/{part}").status_code == 403
    typed = {"calendar": "", "on_holidays": "usual", "on_makeup_days": "usual", "text": "24/7"}
    answer = sign_in_as("hq").post(f"/hq/branches/{other_shop.branch_id}/{part}", data=typed)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("hours", {"hours.0": "12:00-18:00"}),
        ("exceptions", {"day": "2026-03-02"}),
        ("written-hours", {"text": "Mo 12:00-18:00", "shown": "Mo 12:00-18:00"}),
    ],
)
def test_other_hours_say_first_which_appointments_they_hit(
    sign_in_as: SignIn, session: Session, shop: Shop, address: str, typed: dict[str, str]
) -> None:
    wanted = BookingRequest(shop.branch_id, shop.eye_test, ELEVEN, CustomerInput("Mai Trần", "13812345678"))
    made = booking.reserve(session, wanted)
    browser, branch = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}"
    before = queries.opening_spans(session, shop.branch_id, TODAY, 1)
    assert "outside these hours" not in browser.get(f"{branch}/hours?lang=en").text
    first = browser.post(f"{branch}/{address}?lang=en", data=typed)
    assert first.status_code == 200
    for shown in ("1 appointment would no longer fit", made.ref, "Mai Trần"):
        assert shown in first.text
    assert queries.opening_spans(session, shop.branch_id, TODAY, 1) == before
    seal = re.search(r'name="anyway" value="(\w+)"', first.text)
    assert seal
    assert browser.post(f"{branch}/{address}", data={**typed, "anyway": seal[1]}).status_code == 303
    page = browser.get(f"{branch}/hours?lang=en").text
    assert "1 appointment is outside these hours" in page
    assert f"/b/xintiandi/#2026-03-02/{made.id}" in page


def test_hours_that_keep_every_appointment_are_saved_at_once(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    wanted = BookingRequest(shop.branch_id, shop.eye_test, ELEVEN, CustomerInput("Mai Trần", "13812345678"))
    booking.reserve(session, wanted)
    browser, branch = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}"
    typed = {"hours.0": "10:30-11:10, 11:10-12:00"}
    assert browser.post(f"{branch}/hours", data=typed).status_code == 303
