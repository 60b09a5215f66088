"""The settings' pages: what holds where, who may change it, drafts and what they would break."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from blueprints.booking import service as booking
from blueprints.booking.queries.breaking import list_broken
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PolicyInput
from blueprints.booking.settings import TERMS
from blueprints.catalog import api as catalog
from blueprints.catalog import service as catalog_service
from blueprints.catalog import settings
from blueprints.catalog.settings import HOURS, LEAD_MINUTES, OFFERED, PERCENT, PRICE
from blueprints.settings.queries import impact_of
from shopbell import ids
from tenants.settings import store
from tenants.settings.errors import SettingLocked
from tenants.settings.keys import Key
from tenants.settings.rules import THE_CHAIN, Path, path_to
from tenants.settings.store import Author, Change
from tests.booking.test_reserve import request
from tests.support import world
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
TODAY = date(2026, 3, 2)
CHEN = Author(None, "Chen")


def say(
    session: Session,
    key: Key,
    value: object,
    path: Path = (THE_CHAIN,),
    *,
    on: date = TODAY,
    subject: object = "",
    locked: bool = False,
) -> None:
    store.say(session, [Change(key, path, on, value, str(subject), locked=locked)], CHEN)


@pytest.fixture
def region(session: Session, shop: Shop) -> UUID:
    south = catalog_service.add_region(session, {"en": "South"})
    catalog_service.place_branches(session, south, inside={shop.branch_id}, outside=set())
    return south


def place(browser: FlaskClient, where: str) -> str:
    answer = browser.get(f"/hq/settings?place={where}")
    assert answer.status_code == 200
    return answer.text


def drafted(browser: FlaskClient, where: str, key: str, subject: object = "", **typed: str) -> str:
    """The address of the draft that the change is put into."""
    address = f"/hq/settings/change?place={where}&key={key}&subject={subject}"
    assert browser.get(address).status_code == 200
    answer = browser.post(address, data={"own": "yes", "starts_on": "2026-03-02", **typed})
    assert answer.status_code == 303, answer.text
    return answer.location


def publish(browser: FlaskClient, draft: str) -> int:
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(draft).text)
    assert seen is not None
    return browser.post(f"{draft}/publication", data={"seen": seen[1]}).status_code


@pytest.mark.proves("T2")
def test_a_branch_takes_over_what_its_region_and_the_chain_say(
    sign_in_as: SignIn, session: Session, shop: Shop, region: UUID
) -> None:
    browser = sign_in_as("hq")
    say(session, LEAD_MINUTES, 45)
    here, there = f"branch:{shop.branch_id}", f"branch:{shop.second_branch_id}"
    assert "from the chain" in place(browser, here)
    say(session, LEAD_MINUTES, 60, path_to(region))
    assert "from region South" in place(browser, here)
    assert "from region South" not in place(browser, there)
    assert [catalog.branch(session, one).lead_minutes for one in (shop.branch_id, shop.second_branch_id)] == [60, 45]
    say(session, LEAD_MINUTES, 90, path_to(region, shop.branch_id))
    text = place(browser, here)
    assert "own, since Mar 2, 2026 (Chen)" in re.sub(r"\s+", " ", text)


@pytest.mark.proves("T2")
def test_a_change_is_a_draft_until_it_is_published(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, here = sign_in_as("hq"), f"branch:{shop.branch_id}"
    draft = drafted(browser, here, "lead_minutes", value="75")
    assert catalog.branch(session, shop.branch_id).lead_minutes == 30
    assert "75" in browser.get("/hq/settings/drafts").text
    assert publish(browser, draft) == 303
    assert catalog.branch(session, shop.branch_id).lead_minutes == 75
    assert "Published by Hq" in browser.get(draft).text
    again = drafted(browser, here, "lead_minutes", own="no")
    assert publish(browser, again) == 303
    assert catalog.branch(session, shop.branch_id).lead_minutes == 30


def test_a_discarded_draft_changes_nothing(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    draft = drafted(browser, "chain", "lead_minutes", value="75")
    assert browser.post(f"{draft}/removal").status_code == 303
    assert catalog.branch(session, shop.branch_id).lead_minutes == 30
    assert browser.post(f"{draft}/removal").status_code == 409
    assert browser.post(f"{draft}/publication").status_code == 409


def test_a_change_is_taken_out_of_a_draft(sign_in_as: SignIn) -> None:
    browser = sign_in_as("hq")
    draft = drafted(browser, "chain", "lead_minutes", value="75")
    assert drafted(browser, "chain", "horizon_days", value="33") == draft
    assert browser.post(f"{draft}/changes/0/removal").status_code == 303
    text = browser.get(draft).text
    assert "33" in text
    assert "Minutes to book ahead" not in text


@pytest.mark.proves("T2")
def test_what_a_place_above_has_locked_is_refused_by_name(
    sign_in_as: SignIn, session: Session, shop: Shop, region: UUID
) -> None:
    browser, here = sign_in_as("hq"), f"branch:{shop.branch_id}"
    say(session, LEAD_MINUTES, 45, locked=True)
    answer = browser.post(
        f"/hq/settings/change?place={here}&key=lead_minutes",
        data={"own": "yes", "value": "60", "starts_on": "2026-03-02"},
    )
    assert answer.status_code == 409
    assert "Locked by head office (Chen)." in answer.text
    assert 'value="60"' in answer.text
    assert "Locked by head office" in place(browser, here)
    with pytest.raises(SettingLocked):
        say(session, LEAD_MINUTES, 60, path_to(region))
    form = {"name.en": "X", "address.en": "Y", "phone": "+862150001234", "time_zone": "Asia/Shanghai", "is_open": "yes"}
    numbers = {"slot_minutes": "15", "horizon_days": "60", "cancel_deadline_minutes": "120", "lead_minutes": "99"}
    answer = browser.post(f"/hq/branches/{shop.branch_id}", data=form | numbers)
    assert answer.status_code == 409
    assert "Locked by head office (Chen)." in answer.text
    assert catalog.branch(session, shop.branch_id).lead_minutes == 45


@pytest.mark.proves("T2")
def test_a_dated_change_is_told_beside_todays_value(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    say(session, LEAD_MINUTES, 45, on=date(2027, 1, 1))
    text = place(browser, f"branch:{shop.branch_id}")
    assert "from Jan 1, 2027: 45" in text
    assert catalog.branch(session, shop.branch_id).lead_minutes == 30


@pytest.mark.proves("T2")
@pytest.mark.parametrize(
    ("key", "value", "about", "cause"),
    [
        (HOURS, {"0": [[840, 1080]]}, False, "hours"),
        (OFFERED, False, True, "service"),
        (PRICE, {"minor": 1, "currency": "CNY"}, True, "price"),
        (TERMS["cancel_minutes"], 4000, False, "terms"),
        (TERMS["cancel_minutes"], 4000, True, "terms"),
    ],
)
def test_the_preview_counts_the_appointments_that_a_change_breaks(
    sign_in_as: SignIn, session: Session, shop: Shop, key: Key, value: object, about: bool, cause: str
) -> None:
    made = booking.reserve(session, request(shop))
    booking.reserve(session, request(shop, datetime(2026, 3, 2, 9, tzinfo=UTC), service_id=shop.fitting))
    change = Change(key, path_to(None, shop.branch_id), TODAY, value, str(shop.eye_test) if about else "")
    impact = impact_of(session, [change])
    expected = 1 if about or cause == "hours" else 2
    assert impact.counts == {shop.branch_id: {cause: expected}}
    listed = list_broken(session, impact.changed, [shop.branch_id], made.starts_at, start=0, limit=9)
    assert (listed[0].booking_id, listed[0].cause) == (made.id, cause)


def test_a_longer_time_breaks_what_ends_after_closing_or_runs_into_the_next(session: Session, shop: Shop) -> None:
    first, wang = datetime(2026, 3, 2, 2, tzinfo=UTC), shop.people[0]
    booking.reserve(session, request(shop, first, person_id=wang))
    booking.reserve(session, request(shop, first + timedelta(minutes=45), person_id=wang))
    booking.reserve(session, request(shop, datetime(2026, 3, 2, 9, 30, tzinfo=UTC)))
    change = Change(PERCENT, (THE_CHAIN,), TODAY, 200, str(shop.eye_test))
    impact = impact_of(session, [change])
    assert impact.counts == {shop.branch_id: {"longer": 2}}
    listed = list_broken(session, impact.changed, [shop.branch_id], first, start=0, limit=9)
    assert [one.starts_at.hour * 60 + one.starts_at.minute for one in listed] == [120, 570]


def test_a_longer_time_that_still_fits_breaks_nothing(session: Session, shop: Shop) -> None:
    booking.reserve(session, request(shop))
    change = Change(PERCENT, (THE_CHAIN,), TODAY, 200, str(shop.eye_test))
    assert impact_of(session, [change]).counts == {}


def test_appointments_before_the_day_and_at_other_places_are_not_hit(
    session: Session, shop: Shop, region: UUID
) -> None:
    booking.reserve(session, request(shop))
    later = Change(OFFERED, (THE_CHAIN,), date(2026, 3, 3), False, str(shop.eye_test))
    elsewhere = Change(OFFERED, path_to(None, shop.second_branch_id), TODAY, False, str(shop.eye_test))
    assert impact_of(session, [later]).counts == {}
    assert impact_of(session, [elsewhere]).counts == {}
    inside = Change(OFFERED, path_to(region), TODAY, False, str(shop.eye_test))
    assert impact_of(session, [inside]).total == 1


@pytest.mark.proves("T2")
def test_the_preview_lists_them_page_by_page(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    for number in range(2):
        for hour in range(1, 10):
            if (number, hour) != (1, 9):
                booking.reserve(session, request(shop, datetime(2026, 3, 3 + number, hour, tzinfo=UTC)))
    for hour in range(1, 10):
        booking.reserve(session, request(shop, datetime(2026, 3, 5, hour, tzinfo=UTC)))
    browser = sign_in_as("hq")
    draft = drafted(browser, "chain", "service.offered", shop.eye_test, value="no")
    first, second = browser.get(draft).text, browser.get(f"{draft}?page=2").text
    assert "Page 1 of 2" in first
    assert (first.count("No longer given there</td>"), second.count("No longer given there</td>")) == (25, 1)
    assert "<td>26</td>" in first


@pytest.mark.proves("T2")
def test_two_drafts_of_the_same_value_are_noticed(sign_in_as: SignIn, session: Session) -> None:
    first = sign_in_as("hq")
    session.connection().exec_driver_sql("update users set email = 'chen@lumi.example', name = 'Chen'")
    second = sign_in_as("hq")
    mine = drafted(first, "chain", "lead_minutes", value="45")
    theirs = drafted(second, "chain", "lead_minutes", value="50")
    assert mine != theirs
    assert "has a draft of this too" in first.get(mine).text
    seen = re.search(r'name="seen" value="(\w+)"', second.get(theirs).text)
    assert seen is not None
    assert publish(first, mine) == 303
    answer = second.post(f"{theirs}/publication", data={"seen": seen[1]})
    assert answer.status_code == 409
    assert "has changed this meanwhile" in answer.text
    assert publish(second, theirs) == 303


@pytest.mark.parametrize("role", [None, "frontdesk", "manager"])
def test_only_who_may_change_settings_gets_to_a_change(
    client: FlaskClient, sign_in_as: SignIn, session: Session, shop: Shop, role: str | None
) -> None:
    browser = sign_in_as(role, [shop.branch_id]) if role else client
    form = {"own": "yes", "value": "60", "starts_on": "2026-03-02"}
    answer = browser.post(f"/hq/settings/change?place=branch:{shop.branch_id}&key=lead_minutes", data=form)
    assert answer.status_code == (403 if role else 303)
    assert browser.get("/hq/settings").status_code == {None: 303, "frontdesk": 403, "manager": 200}[role]
    assert session.connection().exec_driver_sql("select count(*) from setting_drafts").scalar() == 0


@pytest.mark.parametrize(
    "address",
    [
        "/hq/settings?place=nowhere",
        "/hq/settings?place=branch:x",
        f"/hq/settings?place=branch:{ids.uuid7()}",
        f"/hq/settings?place=region:{ids.uuid7()}",
        "/hq/settings/change?place=chain&key=nothing",
        "/hq/settings/change?place=chain&key=service.price",
        "/hq/settings/change?place=chain&key=lead_minutes&subject=x",
        f"/hq/settings/services/{ids.uuid7()}",
        f"/hq/settings/drafts/{ids.uuid7()}",
    ],
)
def test_what_is_not_there_is_not_found(sign_in_as: SignIn, address: str) -> None:
    assert sign_in_as("hq").get(address).status_code == 404


@pytest.mark.parametrize("typed", [{"value": "x"}, {"value": ""}, {"value": "60", "starts_on": "2020-01-01"}])
def test_nothing_typed_is_lost_when_it_cannot_be(sign_in_as: SignIn, typed: dict[str, str]) -> None:
    address = "/hq/settings/change?place=chain&key=lead_minutes"
    answer = sign_in_as("hq").post(address, data={"own": "yes", "starts_on": "2026-03-02", **typed})
    assert answer.status_code == 422
    assert f'value="{typed["value"]}"' in answer.text


@pytest.mark.proves("T2")
def test_pages_cost_no_more_queries_however_many_branches(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    booking.reserve(session, request(shop))
    draft = drafted(browser, "chain", "service.offered", shop.eye_test, value="no")
    drafted(browser, "chain", "hours", **{"value.0": "14:00-18:00"})
    pages = ["/hq/settings", "/hq/settings/services", "/hq/settings/drafts", draft, "/hq/regions", "/hq/branches"]
    asked: list[str] = []
    event.listen(session.get_bind().engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def count() -> list[int]:
        found = []
        for address in pages:
            browser.get(address)
            asked.clear()
            assert browser.get(address).status_code == 200
            # Which chain a host leads to is looked up again every ten seconds, whatever is on the page.
            found.append(sum("shared." not in statement for statement in asked))
        return found

    few = count()
    for number in range(40):
        world.branch(session, f"more-{number}", 10 + number)
    session.flush()
    many = count()
    assert all(now <= before for now, before in zip(many, few, strict=True)), (few, many)
    assert max(few) < 40, few


def test_a_price_is_told_in_the_currency_of_the_place(
    sign_in_as: SignIn, session: Session, region: UUID, shop: Shop
) -> None:
    browser = sign_in_as("hq")
    say(session, settings.CURRENCY, "VND", path_to(region))
    draft = drafted(browser, f"region:{region}", "service.price", shop.eye_test, value="350000")
    assert publish(browser, draft) == 303
    assert "350,000" in browser.get(f"/hq/settings/services?place=branch:{shop.branch_id}").text
    assert "350,000" in browser.get("/book/xintiandi").text


def test_a_rule_of_a_branch_cannot_pass_a_lock_above_it(session: Session, shop: Shop) -> None:
    say(session, TERMS["cancel_minutes"], 600, locked=True)
    with pytest.raises(SettingLocked) as refused:
        rulebook.add_policy(session, PolicyInput(shop.branch_id, None, {"cancel_minutes": 60}))
    assert refused.value.fields == {"cancel_minutes": "Locked by head office (Chen)."}


def test_a_rule_written_later_holds_from_today_on(session: Session, shop: Shop) -> None:
    say(session, TERMS["cancel_minutes"], 600)
    rule = rulebook.add_policy(session, PolicyInput(None, None, {"cancel_minutes": 60}))
    made = booking.reserve(session, request(shop))
    assert made.terms.cancel_minutes == 60
    rulebook.drop_policy(session, rule)
    later = booking.reserve(session, request(shop, datetime(2026, 3, 3, 2, tzinfo=UTC)))
    assert later.terms.cancel_minutes == 120
